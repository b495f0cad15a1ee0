//! The few strokes every table is drawn with.

use sea_orm_migration::prelude::*;

pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

/// A foreign key that is checked at once: a key checked at commit could fail a whole group of writes on SQLite.
pub(crate) fn refers(column: &'static str, to: &'static str, key: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col(column).to(to, key).take()
}

pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.table(table).name(format!("{table}_by_{}", columns.join("_and_")));
    for column in columns {
        index.col(*column);
    }
    index
}

pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

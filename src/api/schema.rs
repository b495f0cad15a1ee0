//! How the API description shows our own small types.

use crate::domain::access::Role;
use crate::domain::contact::Channel;
use crate::domain::ids::Id;
use std::borrow::Cow;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema as AnySchema};
use utoipa::{PartialSchema, ToSchema};

impl<T> PartialSchema for Id<T> {
    fn schema() -> RefOr<AnySchema> {
        let uuid = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
        RefOr::T(Schema::Object(uuid.build()))
    }
}

impl<T> ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

fn one_of(names: impl IntoIterator<Item = &'static str>) -> RefOr<AnySchema> {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(names));
    RefOr::T(Schema::Object(text.build()))
}

impl PartialSchema for Role {
    fn schema() -> RefOr<AnySchema> {
        one_of(Role::ALL.map(Role::as_str))
    }
}

impl ToSchema for Role {}

impl PartialSchema for Channel {
    fn schema() -> RefOr<AnySchema> {
        one_of(Channel::ALL.map(Channel::as_str))
    }
}

impl ToSchema for Channel {}

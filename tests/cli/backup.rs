//! `backup` and `restore`: the database in use is never written over by its own copy.

use super::{code, evenhand, stderr};
use std::fs;

#[test]
fn a_database_is_never_backed_up_onto_itself_nor_restored_from_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let run = |arguments: &[&str]| evenhand(folder.path()).args(arguments).output().unwrap();
    assert_eq!(code(&run(&["migrate"])), 0);
    fs::create_dir(path("sub")).unwrap();
    std::os::unix::fs::symlink(path("evenhand.db"), path("link.db")).unwrap();
    fs::hard_link(path("evenhand.db"), path("other-name.db")).unwrap();
    let before = fs::read(path("evenhand.db")).unwrap();
    for file in
        ["evenhand.db", "sub/../evenhand.db", "link.db", "other-name.db", "evenhand.db-wal", "evenhand.db.access.db"]
    {
        for command in [vec!["backup", file], vec!["restore", "--replace", file]] {
            let output = run(&command);
            assert_eq!(code(&output), 64, "{command:?}: {}", stderr(&output));
        }
    }
    assert_eq!(fs::read(path("evenhand.db")).unwrap(), before);
    assert_eq!(code(&run(&["backup", "copy.db"])), 0);
    assert_eq!(code(&run(&["backup", "copy.db"])), 0, "an older copy is replaced");
}

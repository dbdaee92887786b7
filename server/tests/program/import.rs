//! Work that comes in from files, and dependencies by command.

use crate::support::{Program, data, on_both};
use std::{fs, path::Path};

const CHECKLIST: &str = "# Website\n\n- [ ] Draw\n- [x] Build\n- [ ] Publish\n";

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path.display().to_string()
}

/// Imports it into WEB.
fn import(pms: Program, checklist: &str, more: &[&str]) -> String {
    let done = pms.run(&[&["import", "checklist", checklist, "--project", "WEB"], more].concat());
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    done.out
}

#[test]
fn a_checklist_becomes_tasks_once() {
    on_both(|pms, _| {
        let folder = data();
        let list = file(folder.path(), "list.md", CHECKLIST);
        let told = import(pms(), &list, &["--dry-run"]);
        assert!(told.contains("    4  create  [x] Build"), "{told}");
        assert!(told.ends_with("3 created, 0 updated, 0 unchanged — if this were no dry run."), "{told}");
        let done = import(pms(), &list, &[]);
        assert_eq!(
            done,
            "3 items, 1 of them done, for WEB (Website), which is new: 3 created, 0 updated, 0 unchanged."
        );
        let fewer = file(folder.path(), "list.md", &CHECKLIST.replace("- [ ] Publish\n", ""));
        let again = import(pms(), &fewer, &[]);
        assert_eq!(
            again,
            "2 items, 1 of them done, for WEB (Website): 0 created, 0 updated, 2 unchanged.\n\
             1 tasks of an earlier import are not in the file any more; they stay as they are."
        );
        let nowhere = folder.path().join("nothing.md").display().to_string();
        let said = pms().run(&["import", "checklist", &nowhere, "--project", "WEB"]).fails();
        assert!(said.starts_with(&format!("pms: {nowhere} could not be read: ")), "{said}");
    });
}

#[test]
fn dependencies_come_from_a_table_or_one_by_one() {
    on_both(|pms, _| {
        let folder = data();
        import(pms(), &file(folder.path(), "list.md", CHECKLIST), &[]);
        let table = file(folder.path(), "table.csv", "WEB-1,WEB-3\nWEB-2,WEB-3\n");
        let told = pms().run(&["import", "dependencies", &table, "--dry-run"]);
        assert!(told.out.starts_with("1  WEB-1 → WEB-3  create\n"), "{}", told.out);
        pms()
            .run(&["import", "dependencies", &table])
            .succeeds("2 dependencies created, 0 were there already");
        pms()
            .run(&["import", "dependencies", &table])
            .succeeds("0 dependencies created, 2 were there already");
        pms()
            .run(&["dependency", "list", "WEB-3"])
            .succeeds("WEB-3 Publish: blocked\n  Blocked by WEB-1 Draw\n  Blocked by WEB-2 Build (not open)");
        let loops = pms().run(&["dependency", "add", "WEB-3", "WEB-1"]).fails();
        assert!(loops.contains("WEB-3 → WEB-1 → WEB-3"), "{loops}");
        pms().run(&["dependency", "remove", "WEB-1", "WEB-3"]).succeeds("WEB-3 Publish: not blocked");
        pms().run(&["dependency", "add", "WEB-1", "WEB-3"]).succeeds("WEB-3 Publish: blocked");
        assert_eq!(pms().run(&["dependency", "list", "WEB-9"]).fails(), "pms: There is no task WEB-9.");
        let wrong = file(folder.path(), "wrong.csv", "WEB-1,nothing\n");
        let said = pms().run(&["import", "dependencies", &wrong]);
        assert_eq!(said.code, Some(1));
        assert!(said.err.starts_with("pms: Nothing was imported:\n  Line 1: “nothing”"), "{}", said.err);
    });
}

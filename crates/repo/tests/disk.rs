//! Tests of files outside the object store.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test runs programs and panics if they fail"
)]

use std::os::unix::fs::FileTypeExt as _;
use std::process::{Command, Stdio};

#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let pipe = place.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    repo::disk::write(&pipe, b"report").unwrap();
    assert_eq!(reader.wait_with_output().unwrap().stdout, b"report");
    assert!(pipe.metadata().unwrap().file_type().is_fifo());
}

#[test]
fn a_fifo_is_refused_and_what_is_already_open_is_read() {
    let place = tempfile::tempdir().unwrap();
    let (fifo, link) = (place.path().join("fifo"), place.path().join("link"));
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    std::os::unix::fs::symlink(&fifo, &link).unwrap();
    let device = place.path().join("device");
    std::os::unix::fs::symlink("/dev/zero", &device).unwrap();
    for path in [fifo.as_path(), &link, &device, "/dev/zero".as_ref()] {
        let error = repo::disk::read(path, 100).unwrap_err().to_string();
        assert!(error.contains("is not a regular file"), "{error}");
        assert!(repo::disk::read_cache(path, 100).is_none());
    }
    assert_eq!(repo::disk::read("/dev/null".as_ref(), 100).unwrap(), Some(Vec::new()));
    // A pipe under the name of a descriptor, as a shell passes it.
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut writer, b"handed over").unwrap();
    drop(writer);
    let number = std::os::fd::AsRawFd::as_raw_fd(&reader);
    let read = repo::disk::read(format!("/dev/fd/{number}").as_ref(), 100).unwrap();
    assert_eq!(read.as_deref(), Some(&b"handed over"[..]));
}

#[test]
fn a_folder_of_one_name_is_created_where_the_process_runs() {
    // The working directory of a test is that of its crate: the name is one that nothing else uses.
    let place = tempfile::Builder::new().prefix("folder-").tempdir_in(".").unwrap();
    let name = std::path::PathBuf::from(place.path().file_name().unwrap());
    std::fs::remove_dir(&name).unwrap();
    assert_eq!(repo::Folder::create(&name).unwrap().path(), name);
    assert!(name.is_dir());
}

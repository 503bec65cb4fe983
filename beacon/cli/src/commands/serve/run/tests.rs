use std::io::{self, Write};
use std::panic;
use std::sync::{Arc, Mutex};

use super::log_panics;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_is_logged_by_its_place_alone() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let before = panic::take_hook();
    log_panics();
    tracing::subscriber::with_default(subscriber, || {
        panic::catch_unwind(|| panic!("page=/secret")).unwrap_err();
    });
    panic::set_hook(before);
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("panicked place=") && logged.contains(file!()),
        "{logged}"
    );
    assert!(!logged.contains("secret"), "{logged}");
}

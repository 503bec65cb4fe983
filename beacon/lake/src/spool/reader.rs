//! Lists and opens spool files, and reads their lines up to the first bad frame.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::SpoolError;
use super::file_name::{SpoolKind, SpoolName};
use super::frame::{self, Frames, HEADER_BYTES, Header, MAGIC};

/// An open spool file. Cheap to clone.
///
/// Its content stays readable after the file is removed. Its length is the one at opening: every reading of the same
/// `SpoolFile` sees the same lines.
#[derive(Debug, Clone)]
pub struct SpoolFile {
    file: Arc<File>,
    path: PathBuf,
    name: SpoolName,
    len: u64,
    header: Header,
}

impl SpoolFile {
    /// Opens the spool file at `path`. Its name must be one that a spool gives.
    ///
    /// # Errors
    /// [`SpoolError::Foreign`] for a file that no spool wrote, [`SpoolError::Newer`] for one of a newer version, and
    /// [`SpoolError::Io`] where it can't be read.
    pub fn open(path: &Path) -> Result<SpoolFile, SpoolError> {
        let name = path
            .file_name()
            .and_then(|name| SpoolName::parse(name.to_str()?));
        let Some(name) = name else {
            return Err(SpoolError::Foreign {
                file: path.to_path_buf(),
            });
        };
        SpoolFile::open_named(path, name)
    }

    /// Opens the file at `path`, whose name was read before.
    pub(crate) fn open_named(path: &Path, name: SpoolName) -> Result<SpoolFile, SpoolError> {
        let failed = |source| SpoolError::Io {
            path: path.to_path_buf(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        let mut bytes = [0; HEADER_BYTES];
        let head = HEADER_BYTES.min(usize::try_from(len).unwrap_or(HEADER_BYTES));
        file.read_exact_at(&mut bytes[..head], 0).map_err(failed)?;
        let header = usable_header(path, &bytes[..head])?;
        Ok(SpoolFile {
            file: Arc::new(file),
            path: path.to_path_buf(),
            name,
            len,
            header,
        })
    }

    /// Returns true if a file that begins with these bytes is a spool's, whatever its name is now.
    pub fn has_magic(first_bytes: &[u8]) -> bool {
        first_bytes.starts_with(&MAGIC)
    }

    /// Reads the lines from the beginning up to the first bad frame.
    pub fn lines(&self) -> SpoolLines<impl Read + use<>> {
        SpoolLines::over(self.frames(), self.len)
    }

    /// Returns the path at which it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns its name, which has the hour, the start and the id.
    pub fn name(&self) -> SpoolName {
        self.name
    }

    /// Returns the length in bytes at opening.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns true if the file was empty at opening.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the frames from the beginning.
    pub(crate) fn frames(&self) -> Frames<impl Read + use<>> {
        let offset = HEADER_BYTES as u64;
        let file = Arc::clone(&self.file);
        let reader = BufReader::with_capacity(READ_BYTES, ReadFrom { file, offset });
        Frames::new(reader, offset, frames_end(self.header, self.len))
    }
}

/// Returns the offset at which frames end at the latest; 0 for a file whose header is torn.
fn frames_end(header: Header, len: u64) -> u64 {
    match header {
        Header::Good => len,
        _ => 0,
    }
}

/// Bytes asked of the system at a time.
const READ_BYTES: usize = 256 << 10;

/// Reads at a position of its own, so that several readings of one file don't disturb each other.
struct ReadFrom {
    file: Arc<File>,
    offset: u64,
}

impl Read for ReadFrom {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}

/// Iterates over the lines of a spool file, for sinks other than a lake.
pub struct SpoolLines<R> {
    frames: Frames<R>,
    len: u64,
    lines: Vec<u8>,
    at: usize,
}

impl<R: Read> SpoolLines<R> {
    /// Reads the lines of a spool file that may have been moved, renamed or packed: `reader` gives its `len` bytes from
    /// the beginning; `path` is for messages.
    ///
    /// # Errors
    /// [`SpoolError::Foreign`] for a file that no spool wrote, [`SpoolError::Newer`] for one of a newer version, and
    /// [`SpoolError::Io`] where `reader` fails.
    pub fn new(path: &Path, mut reader: R, len: u64) -> Result<SpoolLines<R>, SpoolError> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        reader
            .by_ref()
            .take(HEADER_BYTES as u64)
            .read_to_end(&mut bytes)
            .map_err(|source| SpoolError::Io {
                path: path.to_path_buf(),
                source,
            })?;
        let header = usable_header(path, &bytes)?;
        let frames = Frames::new(reader, HEADER_BYTES as u64, frames_end(header, len));
        Ok(SpoolLines::over(frames, len))
    }

    fn over(frames: Frames<R>, len: u64) -> SpoolLines<R> {
        SpoolLines {
            frames,
            len,
            lines: Vec::new(),
            at: 0,
        }
    }

    /// Returns the next line without its newline; `None` at the end or the first bad frame.
    ///
    /// # Errors
    /// Returns any error of reading the file.
    pub fn next_line(&mut self) -> io::Result<Option<&[u8]>> {
        if self.at >= self.lines.len() {
            let Some(lines) = self.frames.next()? else {
                return Ok(None);
            };
            self.lines.clear();
            self.lines.extend_from_slice(lines);
            self.at = 0;
        }
        let rest = &self.lines[self.at..];
        let end = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or(rest.len());
        self.at += end + 1;
        Ok(Some(&rest[..end]))
    }

    /// Returns, after the last line, how many bytes follow it that are not a whole frame. They were never answered.
    pub fn torn_bytes(&self) -> u64 {
        self.len.saturating_sub(self.frames.offset())
    }
}

/// The spool files of a directory, oldest first. A directory that is not there has none: the lake may be all
/// that is left of a machine.
pub(crate) fn list(directory: &Path) -> Result<Vec<SpoolName>, SpoolError> {
    let failed = |source| SpoolError::Io {
        path: directory.to_path_buf(),
        source,
    };
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(SpoolError::NotADirectory {
                directory: directory.to_path_buf(),
            });
        }
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        names.extend(name.to_str().and_then(SpoolName::parse));
    }
    names.sort_by_key(|name| (name.start_ms(), name.id()));
    Ok(names)
}

/// Returns when the oldest undelivered hits of a spool were written, in Unix milliseconds, if any.
///
/// # Errors
/// Returns an error where `directory` can't be read. A missing directory has no hits.
pub fn oldest_undelivered_ms(directory: &Path) -> Result<Option<u64>, SpoolError> {
    let names = list(directory)?;
    let oldest = names.iter().find(|name| name.kind() == SpoolKind::Hits);
    Ok(oldest.map(SpoolName::start_ms))
}

fn usable_header(path: &Path, bytes: &[u8]) -> Result<Header, SpoolError> {
    let file = path.to_path_buf();
    match frame::judge_header(bytes) {
        header @ (Header::Good | Header::Torn) => Ok(header),
        Header::Newer(found) => Err(SpoolError::Newer {
            file,
            found,
            known: frame::VERSION,
        }),
        Header::Foreign => Err(SpoolError::Foreign { file }),
    }
}

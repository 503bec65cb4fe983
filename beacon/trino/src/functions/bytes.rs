//! Bytes and their text forms.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
use super::text::value;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("to_utf8", to_utf8),
    ("from_utf8", from_utf8),
    ("to_hex", to_hex),
    ("from_hex", from_hex),
    ("to_base64", to_base64),
    ("from_base64", from_base64),
];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_utf8(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.binaries(|row| Ok(value(&texts, row).map(|text| text.as_bytes().to_vec())))
}

fn from_utf8(call: &Call) -> Result<ArrayRef> {
    let bytes = call.binary(0)?;
    call.texts(|row| {
        if bytes.is_null(row) {
            return Ok(None);
        }
        match std::str::from_utf8(bytes.value(row)) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err("bytes that are no UTF-8 are not answered".to_owned()),
        }
    })
}

fn to_hex(call: &Call) -> Result<ArrayRef> {
    let bytes = call.binary(0)?;
    call.texts(|row| {
        let bytes = bytes.is_valid(row).then(|| bytes.value(row));
        Ok(bytes.map(|bytes| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect::<String>()
        }))
    })
}

fn from_hex(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.binaries(|row| match value(&texts, row) {
        None => Ok(None),
        Some(text) => hex_bytes(text).map(Some),
    })
}

fn hex_bytes(text: &str) -> Outcome<Vec<u8>> {
    let wrong = || format!("'{text}' is not hexadecimal");
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for at in (0..text.len()).step_by(2) {
        bytes.push(u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())?);
    }
    Ok(bytes)
}

fn to_base64(call: &Call) -> Result<ArrayRef> {
    let bytes = call.binary(0)?;
    call.texts(|row| {
        if bytes.is_null(row) {
            return Ok(None);
        }
        let mut text = String::new();
        for group in bytes.value(row).chunks(3) {
            let mut bits = 0_u32;
            for index in 0..3 {
                bits = bits << 8 | u32::from(group.get(index).copied().unwrap_or(0));
            }
            for index in 0..4 {
                if index > group.len() {
                    text.push('=');
                } else {
                    text.push(char::from(BASE64[(bits >> (18 - 6 * index)) as usize & 63]));
                }
            }
        }
        Ok(Some(text))
    })
}

fn from_base64(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.binaries(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        let wrong = || format!("'{text}' is not base64");
        let digits = text.trim_end_matches('=');
        let mut bytes = Vec::new();
        let (mut bits, mut count) = (0_u32, 0);
        for byte in digits.bytes() {
            let digit = BASE64
                .iter()
                .position(|one| *one == byte)
                .ok_or_else(wrong)?;
            bits = bits << 6 | digit as u32;
            count += 6;
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count) as u8);
                bits &= (1 << count) - 1;
            }
        }
        if digits.len() % 4 == 1 || bits != 0 {
            return Err(wrong());
        }
        Ok(Some(bytes))
    })
}

use super::*;

#[test]
fn either_byte_order_with_and_without_a_mark() {
    // Characters of two units stand across the ends of readings, whatever these are.
    let text = format!("{{\"a\":\"{}é\"}}\n", "😀x".repeat(50_000));
    for (order, mark) in [
        (ByteOrder::Little, true),
        (ByteOrder::Little, false),
        (ByteOrder::Big, true),
        (ByteOrder::Big, false),
    ] {
        let marked = format!("{}{text}", if mark { "\u{feff}" } else { "" });
        let bytes: Vec<u8> = marked
            .encode_utf16()
            .flat_map(|unit| match order {
                ByteOrder::Little => unit.to_le_bytes(),
                ByteOrder::Big => unit.to_be_bytes(),
            })
            .collect();
        assert_eq!(utf_16(&bytes), Some(order));
        let mut read = String::new();
        Utf16::new(&bytes[..], order)
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, marked);
    }
    assert_eq!(utf_16(b"{\"a\""), None);
    assert_eq!(utf_16(&[0; 8]), None);
}

#[test]
fn windows_1252() {
    assert_eq!(decode(b"caf\xe9 \x80 \x93"), "café € “");
}

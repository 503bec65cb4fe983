use super::*;

fn file(groups: &[&[u8]]) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = header().to_vec();
    let mut ends = vec![];
    for lines in groups {
        let mut group = Group::new();
        group.push(lines);
        group.finish();
        bytes.extend_from_slice(group.frame());
        ends.push(bytes.len());
    }
    (bytes, ends)
}

fn frames(bytes: &[u8]) -> usize {
    let head = bytes.len().min(HEADER_BYTES);
    match judge_header(&bytes[..head]) {
        Header::Good => {}
        Header::Torn => return 0,
        other => panic!("{other:?} for {head} bytes of header"),
    }
    let mut frames = Frames::new(&bytes[head..], head as u64, bytes.len() as u64);
    let mut count = 0;
    while frames.next().unwrap().is_some() {
        count += 1;
    }
    count
}

#[test]
fn a_tail_cut_or_zeroed_at_any_byte_leaves_the_frames_before_it() {
    let (bytes, ends) = file(&[b"{\"a\":1}\n", b"{\"b\":2}\n{\"c\":3}\n", b"{\"d\":4}\n"]);
    for at in 0..=bytes.len() {
        let whole = ends.iter().filter(|&&end| end <= at).count();
        assert_eq!(frames(&bytes[..at]), whole, "cut at {at}");

        let mut zeroed = bytes.clone();
        zeroed[at..].fill(0);
        assert_eq!(frames(&zeroed), whole, "zeroed at {at}");

        let mut longer = bytes[..at].to_vec();
        longer.resize(bytes.len() + 4096, 0);
        assert_eq!(frames(&longer), whole, "zeros from {at} on");
    }
}

#[test]
fn a_flipped_bit_anywhere_in_a_frame_ends_the_file_before_it() {
    let (bytes, ends) = file(&[b"{\"a\":1}\n", b"{\"b\":2}\n", b"{\"c\":3}\n"]);
    for at in HEADER_BYTES..bytes.len() {
        let before = ends.iter().filter(|&&end| end <= at).count();
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            assert_eq!(frames(&flipped), before, "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn headers_are_told_apart() {
    let mut newer = header();
    newer[MAGIC.len()] = 2;
    assert_eq!(judge_header(&newer), Header::Newer(2));
    assert_eq!(judge_header(b"{\"hit_id\":\"1\""), Header::Foreign);
    assert_eq!(judge_header(b""), Header::Torn);
    assert_eq!(judge_header(&header()), Header::Good);
}

#[test]
fn lines_without_their_newline_get_it() {
    let mut group = Group::new();
    group.push(b"{}");
    group.push(b"{}\n");
    assert_eq!(group.line_bytes(), 6);
    group.clear();
    assert_eq!(group.line_bytes(), 0);
}

//! The text below a command's options, taken apart: help shows it as it is, a man page in sections.
//!
//! Paragraphs are separated by blank lines. A line that two spaces indent begins an item, such as an example and, after
//! two more spaces, its meaning; lines that are indented further continue the meaning.

const ITEM_INDENT: &str = "  ";
const CONTINUATION_INDENT: &str = "   ";
const SEPARATOR: &str = "  ";

/// A paragraph, with the list that follows it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Block {
    pub(super) prose: String,
    pub(super) items: Vec<Item>,
}

/// An example, an exit code or an option, and its meaning; that is empty where the first explains itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Item {
    pub(super) term: String,
    pub(super) meaning: String,
}

/// Takes the text apart.
pub(super) fn parse(text: &str) -> Vec<Block> {
    text.split("\n\n").map(block).collect()
}

fn block(text: &str) -> Block {
    let mut block = Block::default();
    for line in text.lines() {
        let continued = match line.starts_with(CONTINUATION_INDENT) {
            true => block.items.last_mut(),
            false => None,
        };
        if let Some(item) = continued {
            append(&mut item.meaning, line);
        } else if let Some(item) = line.strip_prefix(ITEM_INDENT) {
            let (term, meaning) = item.split_once(SEPARATOR).unwrap_or((item, ""));
            block.items.push(Item {
                term: term.to_owned(),
                meaning: meaning.trim().to_owned(),
            });
        } else {
            append(&mut block.prose, line);
        }
    }
    block
}

fn append(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line.trim());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(term: &str, meaning: &str) -> Item {
        Item {
            term: term.to_owned(),
            meaning: meaning.to_owned(),
        }
    }

    #[test]
    fn examples_have_their_meaning_beside_or_below_them() {
        let blocks = parse(
            "Examples:\n  beacon demo           print results\n  beacon demo --once --lake ./demo\n               \
             print, stop\n               and keep",
        );
        let expected = Block {
            prose: "Examples:".to_owned(),
            items: vec![
                item("beacon demo", "print results"),
                item("beacon demo --once --lake ./demo", "print, stop and keep"),
            ],
        };
        assert_eq!(blocks, [expected]);
    }

    #[test]
    fn an_item_may_explain_itself_and_a_paragraph_may_stand_alone() {
        let blocks = parse("It reads one line:\n  pass show beacon\n\nDays are UTC.\nAlways.");
        let alone = Block {
            prose: "Days are UTC. Always.".to_owned(),
            items: Vec::new(),
        };
        let list = Block {
            prose: "It reads one line:".to_owned(),
            items: vec![item("pass show beacon", "")],
        };
        assert_eq!(blocks, [list, alone]);
    }
}

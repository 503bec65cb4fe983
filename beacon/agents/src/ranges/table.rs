//! Ranges of one kind of address, cut where they overlap, so that a binary search finds the smallest.

/// The rule of addresses that no range holds.
const NO_RULE: u32 = u32::MAX;

/// Addresses in sections, each of which has one rule or none. `T` is a number that holds an address.
#[derive(Debug)]
pub(super) struct Table<T> {
    /// The first address of each section, in order.
    starts: Box<[T]>,
    /// The rule of each section. They stand apart from the starts, because a search reads one rule and many starts.
    rules: Box<[u32]>,
}

/// An address range with the index of its rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) first: u128,
    pub(super) last: u128,
    pub(super) rule: u32,
}

impl<T: Ord + TryFrom<u128>> Table<T> {
    /// Cuts ranges into sections. Two ranges are apart, or one lies within the other, as those in CIDR notation do.
    pub(super) fn new(mut entries: Vec<Entry>) -> Table<T> {
        // A range stands before those within it.
        entries.sort_by_key(|entry| (entry.first, std::cmp::Reverse(entry.last)));
        let mut sections = Vec::new();
        let mut open: Vec<Entry> = Vec::new();
        for entry in entries {
            while let Some(outer) = open.pop_if(|outer| outer.last < entry.first) {
                end(outer, &open, &mut sections);
            }
            begin(entry.first, entry.rule, &mut sections);
            open.push(entry);
        }
        while let Some(outer) = open.pop() {
            end(outer, &open, &mut sections);
        }
        // Addresses after the last one of their kind don't fit, and nobody has one.
        let (starts, rules) = sections
            .into_iter()
            .filter_map(|(start, rule)| Some((T::try_from(start).ok()?, rule)))
            .collect::<(Vec<T>, Vec<u32>)>();
        Table {
            starts: starts.into(),
            rules: rules.into(),
        }
    }

    /// Returns the index of the rule that `address` has.
    pub(super) fn find(&self, address: T) -> Option<usize> {
        let following = self.starts.partition_point(|start| *start <= address);
        let rule = self.rules[following.checked_sub(1)?];
        (rule != NO_RULE).then_some(rule as usize)
    }
}

/// After a range, the one around it goes on.
fn end(range: Entry, around: &[Entry], sections: &mut Vec<(u128, u32)>) {
    let rule = around.last().map_or(NO_RULE, |outer| outer.rule);
    if let Some(start) = range.last.checked_add(1) {
        begin(start, rule, sections);
    }
}

/// Begins a section. One that begins at the same address is empty, and gives way.
fn begin(start: u128, rule: u32, sections: &mut Vec<(u128, u32)>) {
    let _empty = sections.pop_if(|section| section.0 == start);
    if sections.last().is_none_or(|before| before.1 != rule) {
        sections.push((start, rule));
    }
}

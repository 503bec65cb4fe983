use proptest::prelude::*;

use super::*;

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<StringViewArray>())
}

#[test]
fn the_least_of_each_group_is_kept() {
    let mut least = StringMin::default();
    let first = texts(&[Some("b"), None, Some("c"), Some("ä"), Some("")]);
    least
        .update_batch(&[first], &[0, 1, 0, 2, 3], None, 4)
        .unwrap();
    let filter = BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]);
    let second = texts(&[Some("a"), Some("a"), Some("a"), Some("z")]);
    least
        .update_batch(&[second], &[0, 1, 2, 2], Some(&filter), 4)
        .unwrap();
    assert!(least.size() > 0);
    let shown = least.evaluate(EmitTo::First(1)).unwrap();
    assert_eq!(&shown, &texts(&[Some("a")]));
    // The groups behind move to the front.
    least.merge_batch(&[texts(&[Some("k")])], &[0], 3).unwrap();
    let shown = least.state(EmitTo::All).unwrap();
    assert_eq!(shown, [texts(&[Some("k"), Some("z"), Some("")])]);
}

#[test]
fn what_is_passed_on_unaggregated_keeps_to_the_filter() {
    let values = texts(&[Some("a"), Some("b"), None, Some("d")]);
    let filter = BooleanArray::from(vec![Some(true), Some(false), Some(true), None]);
    let least = StringMin::default();
    let state = least
        .convert_to_state(std::slice::from_ref(&values), Some(&filter))
        .unwrap();
    assert_eq!(state, [texts(&[Some("a"), None, None, None])]);
    let state = least
        .convert_to_state(std::slice::from_ref(&values), None)
        .unwrap();
    assert_eq!(state, [values]);
}

proptest! {
    #[test]
    fn it_agrees_with_looking_at_all(
        batches in prop::collection::vec(prop::collection::vec((0_usize..6, prop::option::of("[a-c]{0,20}")), 0..20), 0..5),
    ) {
        let mut least = StringMin::default();
        let mut expected: Vec<Option<&str>> = vec![None; 6];
        for batch in &batches {
            let (groups, values): (Vec<usize>, Vec<Option<&str>>) =
                batch.iter().map(|(group, text)| (*group, text.as_deref())).unzip();
            least.update_batch(&[texts(&values)], &groups, None, 6).unwrap();
            for (group, text) in groups.into_iter().zip(values) {
                expected[group] = expected[group].into_iter().chain(text).min();
            }
        }
        least.update_batch(&[texts(&[])], &[], None, 6).unwrap();
        prop_assert_eq!(&least.evaluate(EmitTo::All).unwrap(), &texts(&expected));
    }
}

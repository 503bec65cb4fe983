use super::*;

#[test]
fn weeks_have_a_shape_and_the_news_a_peak() {
    // A Tuesday.
    let first_ms = 1_792_454_400_000;
    let visits = days(first_ms);
    assert!(visits.is_sorted_by_key(|visit| visit.at_ms));
    let mut by_day = [0_u64; 30];
    for visit in &visits {
        by_day[((visit.at_ms - first_ms) / DAY_MS) as usize] += 1;
    }
    // Wednesday and Thursday are the second and third day, Saturday and Sunday the fifth and sixth.
    assert!(by_day[4] < by_day[1] && by_day[5] < by_day[2], "{by_day:?}");
    assert!(
        by_day[PEAK_DAY as usize] > 2 * by_day[PEAK_DAY as usize - 1],
        "{by_day:?}"
    );
    assert!(by_day.iter().all(|count| *count > 30), "{by_day:?}");
    for event in ["event=click", "event=open"] {
        assert!(
            visits.iter().any(|visit| visit.target.contains(event)),
            "{event}"
        );
    }
    assert!(visits.iter().any(|visit| visit.body.contains("signup")));
    assert_eq!(days(first_ms).len(), visits.len());
}

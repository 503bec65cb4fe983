//! Draws a count as a badge: an SVG that an `<img>` shows.

/// The height of a badge, in pixels.
const HEIGHT: usize = 20;

/// The width of a character at the badge's size, in tenths of a pixel: that of digits in the fonts that it names.
const CHARACTER_TENTHS: usize = 70;

/// The space before and after a text, in pixels.
const MARGIN: usize = 6;

/// Returns the badge, with the label at the left and the number at the right. A screen reader reads `1,234 views`.
pub(super) fn svg(label: &str, count: u64) -> String {
    let number = grouped(count);
    let (left, right) = (width(label), width(&number));
    let (all, middle_left, middle_right) = (left + right, left / 2, left + right / 2);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {all} {HEIGHT}\" role=\"img\" aria-label=\"{number} {label}\">\
         <title>{number} {label}</title>\
         <clipPath id=\"round\"><rect width=\"{all}\" height=\"{HEIGHT}\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#round)\">\
         <rect width=\"{left}\" height=\"{HEIGHT}\" fill=\"#444c56\"/>\
         <rect x=\"{left}\" width=\"{right}\" height=\"{HEIGHT}\" fill=\"#1f5fbf\"/></g>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"{middle_left}\" y=\"14\">{label}</text>\
         <text x=\"{middle_right}\" y=\"14\">{number}</text></g></svg>"
    )
}

fn width(text: &str) -> usize {
    (text.len() * CHARACTER_TENTHS).div_ceil(10) + 2 * MARGIN
}

/// Returns a number with a comma before each group of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (123_456, "123,456"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn a_badge_says_its_number_to_everybody() {
        let badge = svg("views", 1_234);
        assert!(badge.contains("role=\"img\" aria-label=\"1,234 views\""));
        assert!(badge.contains("<title>1,234 views</title>"));
        assert!(badge.contains(">1,234</text>"));
        assert_eq!(badge.matches('<').count(), badge.matches('>').count());
    }
}

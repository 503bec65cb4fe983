//! Man pages, one for each command that help lists.

use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use super::after_help::{self, Block};

/// The name of the program, by which pages refer to it and shells know it.
pub(super) const PROGRAM: &str = "beacon";

/// The section of user commands.
const SECTION: &str = "1";

/// Defines an apostrophe that isn't typeset as a quotation mark; `roff` begins each part of a page with it.
const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// The paragraph that `clap_mangen` puts before possible values, and what it should be: `.br` has no effect beside a
/// blank line, and linters report it.
const EMPTY_LINE: (&str, &str) = ("\n.br\n\n.br\n", "\n.sp\n");

/// Headings of lists that get a section of their own, as help and as man pages spell them.
const SECTIONS: [(&str, &str); 2] = [("Examples:", "EXAMPLES"), ("Exit codes:", "EXIT STATUS")];

/// One page, ready to be written.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) file_name: String,
    pub(super) roff: String,
}

/// Renders the pages of a program: its own, and one for each visible command below it.
///
/// # Errors
/// Returns an error if a page can't be rendered.
pub(super) fn pages(program: &Command) -> io::Result<Vec<Page>> {
    // The page of each command ends with a reference to that of the program instead of a `help` command.
    let mut program = program.clone().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    append_pages(&program, &mut pages)?;
    Ok(pages)
}

fn append_pages(command: &Command, pages: &mut Vec<Page>) -> io::Result<()> {
    pages.push(page(command)?);
    for below in visible(command) {
        append_pages(below, pages)?;
    }
    Ok(())
}

fn page(command: &Command) -> io::Result<Page> {
    // What the short help leaves out belongs into the manual.
    let man = Man::new(
        command
            .clone()
            .mut_args(|argument| argument.hide_short_help(false)),
    );
    let mut page = Vec::new();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if visible(command).next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut roff = Roff::default();
    let text = command
        .get_after_long_help()
        .or_else(|| command.get_after_help());
    if let Some(text) = text {
        after_options(&after_help::parse(&text.to_string()), &mut roff);
    }
    see_also(command, &mut roff);
    roff.to_writer(&mut page)?;
    Ok(Page {
        file_name: man.get_filename(),
        roff: format!("{APOSTROPHE}{}{}", title(command), tidy(&page)),
    })
}

/// Renders the title: name, section, no date, so that a page is the same whenever it is built, program and manual.
/// `clap_mangen` would leave out the empty argument.
fn title(command: &Command) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let name = name(command).to_uppercase();
    format!(".TH \"{name}\" \"{SECTION}\" \"\" \"{PROGRAM} {version}\" \"User Commands\"\n")
}

/// Removes what the parts of a page repeat, and blanks at the ends of lines.
fn tidy(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page).replace(APOSTROPHE, "");
    let (from, to) = EMPTY_LINE;
    let mut tidied = String::new();
    for line in page.replace(from, to).lines() {
        tidied.push_str(line.trim_end());
        tidied.push('\n');
    }
    tidied
}

/// Renders the lists that have sections of their own, then the rest as notes.
fn after_options(blocks: &[Block], roff: &mut Roff) {
    let mut notes = Vec::new();
    for block in blocks {
        let section = SECTIONS.iter().find(|(help, _)| *help == block.prose);
        match section {
            Some((_, heading)) => {
                roff.control("SH", [*heading]);
                items(block, roff);
            }
            None => notes.push(block),
        }
    }
    if notes.is_empty() {
        return;
    }
    roff.control("SH", ["NOTES"]);
    for (index, block) in notes.into_iter().enumerate() {
        if index > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(&block.prose)]);
        items(block, roff);
    }
}

fn items(block: &Block, roff: &mut Roff) {
    for item in &block.items {
        roff.control("TP", []);
        roff.text([bold(&item.term)]);
        if !item.meaning.is_empty() {
            roff.text([roman(&item.meaning)]);
        }
    }
}

/// Renders a reference to the program's page, which has the options of every command.
fn see_also(command: &Command, roff: &mut Roff) {
    let reference = |name: &str| -> Vec<Inline> { vec![bold(name), roman(format!("({SECTION})"))] };
    roff.control("SH", ["SEE ALSO"]);
    if name(command) != PROGRAM {
        let mut line = reference(PROGRAM);
        line.push(roman(", for the options of every command"));
        roff.text(line);
        return;
    }
    let mut line = Vec::new();
    for below in visible(command) {
        if !line.is_empty() {
            line.push(roman(", "));
        }
        line.extend(reference(name(below)));
    }
    roff.text(line);
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
}

/// Returns the name of a command's page, such as `beacon-query`.
fn name(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    fn page_of(command: Command) -> String {
        let pages = pages(&Command::new(PROGRAM).subcommand(command)).unwrap();
        pages.into_iter().nth(1).unwrap().roff
    }

    #[test]
    fn every_visible_command_has_a_page() {
        let hidden = Command::new("hidden").hide(true);
        let below = Command::new("below").subcommand(Command::new("deep"));
        let program = Command::new(PROGRAM).subcommands([below, hidden]);
        let names: Vec<String> = pages(&program)
            .unwrap()
            .into_iter()
            .map(|page| page.file_name)
            .collect();
        assert_eq!(names, ["beacon.1", "beacon-below.1", "beacon-below-deep.1"]);
    }

    #[test]
    fn a_page_has_its_title_and_the_options_that_short_help_leaves_out() {
        let argument = Arg::new("x").long("x").hide_short_help(true).help("It's x");
        let page = page_of(Command::new("query").arg(argument));
        assert_eq!(page.matches(APOSTROPHE).count(), 1);
        let version = env!("CARGO_PKG_VERSION");
        let title =
            format!(".TH \"BEACON-QUERY\" \"1\" \"\" \"beacon {version}\" \"User Commands\"\n");
        assert!(page.contains(&title), "{page}");
        assert!(page.contains("It\\*(Aqs x\n"), "{page}");
    }

    #[test]
    fn examples_and_exit_codes_are_sections_and_the_rest_are_notes() {
        let text = "Examples:\n  beacon x  does x\n\nDays are UTC.\n\nExit codes:\n  0  well";
        let page = page_of(Command::new("x").after_help(text));
        let expected = ".SH EXAMPLES\n.TP\n\\fBbeacon x\\fR\ndoes x\n.SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\nwell\n.SH NOTES\nDays are UTC.\n";
        assert!(page.contains(expected), "{page}");
    }
}

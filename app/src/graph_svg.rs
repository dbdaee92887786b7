//! The graph of dependencies as an SVG, from left to right. It runs on the server only.
//!
//! What a task is like shows in its shape and in its class, colours are in `style/pages/graph.css`. Boxes
//! are links, one of which takes the tabulator key; script moves on from it by the arrow keys.

use domain::{
    board::Category,
    ids::TaskId,
    task_graph::{GraphLink, GraphPoint, GraphTask, TaskGraph},
};
use std::fmt::{self, Display, Formatter, Write};

/// Size of a box.
const BOX: (f64, f64) = (190.0, 44.0);
/// From one layer, or one row, to the next.
const STEP: (f64, f64) = (260.0, 64.0);
/// Free space around everything.
const MARGIN: f64 = 16.0;
/// An edge ends so far before its box, where the arrow's tip reaches it.
const TIP: f64 = 2.0;
/// Small letters that fit into a box beside each other.
const TITLE: f64 = 21.0;

const LOCK: &str = "M170 11V9a3 3 0 0 1 6 0v2M168 11h10v8h-10z";
const OPEN_LOCK: &str = "M170 11V8a3 3 0 0 1 6-1M168 11h10v8h-10z";
const CHECK: &str = "M165 14l4 4 8-9";
const ARROWS: &str = "<defs><marker id=\"graph-arrow\" class=\"graph-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" \
    refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">\
    <path d=\"M0 0.5L8 4L0 7.5z\"/></marker><marker id=\"graph-arrow-critical\" class=\"graph-arrow \
    is-critical\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"12\" markerHeight=\"12\" \
    markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>";

/// The graph as the text of an `<svg>`. What is on the way to or from the chosen task stands out.
///
/// A task leads to the page with it chosen; `page` is its address up to there, such as `/projects/WEB/graph?done=1&`. Whole,
/// because without script the page of a refused form stands at the address of the form.
pub fn draw(graph: &TaskGraph, chosen: Option<TaskId>, page: &str) -> String {
    let chosen = chosen.and_then(|id| graph.tasks.iter().position(|task| task.id == id));
    let mut waits = vec![0; graph.tasks.len()];
    let mut holds = vec![0; graph.tasks.len()];
    for link in graph.links.iter().filter(|link| is_open(graph, link)) {
        waits[link.to] += 1;
        holds[link.from] += 1;
    }
    let visible = |index: &usize| graph.tasks[*index].title.is_some();
    let chain = chosen.map_or_else(Vec::new, |index| graph.chain(graph.tasks[index].id));
    let focus = chosen.filter(visible).or_else(|| (0..graph.tasks.len()).find(visible));
    Drawing { graph, page, chosen, focus, chain, waits, holds }.to_string()
}

/// Whether one open task really waits for another.
fn is_open(graph: &TaskGraph, link: &GraphLink) -> bool {
    [link.from, link.to].iter().all(|&end| graph.tasks[end].category != Category::Done)
}

struct Drawing<'a> {
    graph: &'a TaskGraph,
    page: &'a str,
    chosen: Option<usize>,
    /// The task that the tabulator key comes to.
    focus: Option<usize>,
    /// Of each task, whether it is on the way to or from the chosen one; empty if none is.
    chain: Vec<bool>,
    /// Of each task, how many open ones it waits for.
    waits: Vec<usize>,
    /// Of each task, how many open ones wait for it.
    holds: Vec<usize>,
}

impl Display for Drawing<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let side =
            |count: f64, step: f64, size: f64| 2.0 * MARGIN + f64::max(count * step - (step - size), 0.0);
        let width = Short(side(real(self.graph.layers), STEP.0, BOX.0));
        let height = Short(side(self.graph.height, STEP.1, BOX.1));
        let class = if self.chosen.is_some() { "graph has-chain" } else { "graph" };
        write!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" role=\"group\" aria-label=\""
        )?;
        self.write_label(f)?;
        write!(f, "\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">{ARROWS}")?;
        f.write_str("<g class=\"graph-scene\"><g class=\"graph-links\" aria-hidden=\"true\">")?;
        self.graph.links.iter().try_for_each(|link| self.write_link(f, link))?;
        f.write_str("</g><g class=\"graph-nodes\">")?;
        self.graph.tasks.iter().enumerate().try_for_each(|(index, task)| match &task.title {
            Some(title) => self.write_task(f, index, task, title),
            None => self.write_hidden(f, index, task),
        })?;
        f.write_str("</g></g></svg>")
    }
}

impl Drawing<'_> {
    fn write_label(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let count = self.graph.tasks.len();
        write!(f, "Dependencies of {count} {}", if count == 1 { "task" } else { "tasks" })?;
        match self.graph.left_out {
            0 => Ok(()),
            left_out => write!(f, ", {left_out} more not drawn"),
        }
    }

    fn write_link(&self, f: &mut Formatter<'_>, link: &GraphLink) -> fmt::Result {
        let [from, to] = [&self.graph.tasks[link.from], &self.graph.tasks[link.to]];
        let arrow = if link.critical { "graph-arrow-critical" } else { "graph-arrow" };
        f.write_str("<path class=\"graph-link")?;
        flag(f, link.critical, "is-critical")?;
        flag(f, self.is_chain(link.from) && self.is_chain(link.to), "is-chain")?;
        flag(f, !is_open(self.graph, link), "is-done")?;
        write!(f, "\" marker-end=\"url(#{arrow})\" d=\"")?;
        write_line(f, from, to, &link.points)?;
        f.write_str("\"/>")
    }

    fn write_task(&self, f: &mut Formatter<'_>, index: usize, task: &GraphTask, title: &str) -> fmt::Result {
        let key = task.key.as_deref().unwrap_or_default();
        write!(f, "<a href=\"{}task={}\" ", Escaped(self.page), Escaped(key))?;
        self.write_class(f, index, task)?;
        if self.chosen == Some(index) {
            f.write_str(" aria-current=\"true\"")?;
        }
        write!(f, " tabindex=\"{}\"><title>", if self.focus == Some(index) { 0 } else { -1 })?;
        self.write_name(f, index, task, (key, title))?;
        f.write_str("</title>")?;
        write_shape(f, task)?;
        write!(f, "<text class=\"graph-key\" x=\"16\" y=\"18\">{}</text>", Escaped(key))?;
        write!(f, "<text class=\"graph-title\" x=\"16\" y=\"34\">{}</text></a>", Escaped(&cut(title)))
    }

    fn write_hidden(&self, f: &mut Formatter<'_>, index: usize, task: &GraphTask) -> fmt::Result {
        f.write_str("<g ")?;
        self.write_class(f, index, task)?;
        f.write_char('>')?;
        write_frame(f, 4)?;
        let key = task.key.as_deref().unwrap_or_default();
        write!(f, "<text class=\"graph-key\" x=\"16\" y=\"18\">{}</text>", Escaped(key))?;
        f.write_str("<text class=\"graph-title\" x=\"16\" y=\"34\">A task you may not see</text></g>")
    }

    /// Class, data and place of a node.
    fn write_class(&self, f: &mut Formatter<'_>, index: usize, task: &GraphTask) -> fmt::Result {
        let state = match (&task.title, task.category) {
            (None, _) => "is-hidden",
            (_, Category::Todo) => "is-todo",
            (_, Category::Doing) => "is-doing",
            (_, Category::Done) => "is-done",
        };
        write!(f, "class=\"graph-node {state}")?;
        flag(f, is_blocked(task), "is-blocked")?;
        flag(f, task.title.is_some() && task.overridden, "is-overridden")?;
        flag(f, task.critical, "is-critical")?;
        flag(f, self.chosen == Some(index), "is-chosen")?;
        flag(f, self.is_chain(index), "is-chain")?;
        write!(f, "\" data-at=\"{index}\"")?;
        let (x, y) = (left(real(task.layer)), middle(task.y) - BOX.1 / 2.0);
        write!(f, " transform=\"translate({} {})\"", Short(x), Short(y))
    }

    /// All that there is to see, in words.
    fn write_name(
        &self,
        f: &mut Formatter<'_>,
        index: usize,
        task: &GraphTask,
        (key, title): (&str, &str),
    ) -> fmt::Result {
        write!(f, "{} {}. {}.", Escaped(key), Escaped(title), task.category.label())?;
        if is_blocked(task) {
            f.write_str(" Blocked.")?;
        }
        if task.overridden {
            f.write_str(" Unblocked by hand.")?;
        }
        match (self.waits[index], self.holds[index]) {
            (0, 0) => {}
            (waits, 0) => write!(f, " Waits for {waits}.")?,
            (0, holds) => write!(f, " Holds up {holds}.")?,
            (waits, holds) => write!(f, " Waits for {waits}, holds up {holds}.")?,
        }
        if task.critical { f.write_str(" On the critical path.") } else { Ok(()) }
    }

    fn is_chain(&self, index: usize) -> bool {
        self.chain.get(index).copied().unwrap_or(false)
    }
}

/// What is done or may not be seen does not show that it waits.
fn is_blocked(task: &GraphTask) -> bool {
    task.blocked && !task.overridden && task.category != Category::Done && task.title.is_some()
}

fn write_shape(f: &mut Formatter<'_>, task: &GraphTask) -> fmt::Result {
    write_frame(f, if task.category == Category::Done { 22 } else { 4 })?;
    if task.category == Category::Doing {
        write!(f, "<rect class=\"graph-bar\" width=\"6\" height=\"{}\" rx=\"2\"/>", Short(BOX.1))?;
    }
    let glyph = match task.category {
        Category::Done => CHECK,
        _ if task.overridden => OPEN_LOCK,
        _ if is_blocked(task) => LOCK,
        _ => return Ok(()),
    };
    write!(f, "<path class=\"graph-glyph\" d=\"{glyph}\"/>")
}

fn write_frame(f: &mut Formatter<'_>, radius: u8) -> fmt::Result {
    let (width, height) = (Short(BOX.0), Short(BOX.1));
    write!(f, "<rect class=\"graph-box\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>")
}

/// From box to box through the points between. Only damaged data have lines to the left.
fn write_line(f: &mut Formatter<'_>, from: &GraphTask, to: &GraphTask, points: &[GraphPoint]) -> fmt::Result {
    let to_right = from.layer < to.layer;
    let (start, end) = if to_right { (BOX.0, -TIP) } else { (0.0, BOX.0 + TIP) };
    let mut at = (left(real(from.layer)) + start, middle(from.y));
    write!(f, "M{} {}", Short(at.0), Short(at.1))?;
    for &GraphPoint { layer, row } in points {
        // Past the boxes of the layer in a level line, so that it can't run into one.
        let (near, far) = (left(layer), left(layer) + BOX.0);
        let (enter, leave) = if to_right { (near, far) } else { (far, near) };
        write_curve(f, at, (enter, middle(row)))?;
        write!(f, "H{}", Short(leave))?;
        at = (leave, middle(row));
    }
    write_curve(f, at, (left(real(to.layer)) + end, middle(to.y)))
}

/// From one point to another, level at both ends.
fn write_curve(f: &mut Formatter<'_>, from: (f64, f64), to: (f64, f64)) -> fmt::Result {
    if (to.1 - from.1).abs() < 0.05 {
        return write!(f, "H{}", Short(to.0));
    }
    let reach = ((to.0 - from.0) / 2.0).clamp(-120.0, 120.0);
    write!(f, "C{} {} {} {}", Short(from.0 + reach), Short(from.1), Short(to.0 - reach), Short(to.1))?;
    write!(f, " {} {}", Short(to.0), Short(to.1))
}

fn flag(f: &mut Formatter<'_>, set: bool, class: &str) -> fmt::Result {
    if set { write!(f, " {class}") } else { Ok(()) }
}

/// Left side of the boxes of a layer.
fn left(layer: f64) -> f64 {
    MARGIN + layer * STEP.0
}

/// Middle of the boxes in a row.
fn middle(row: f64) -> f64 {
    MARGIN + row * STEP.1 + BOX.1 / 2.0
}

fn real(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

/// As much of a title as fits into a box.
fn cut(title: &str) -> String {
    let total: f64 = title.chars().map(breadth).sum();
    if total <= TITLE {
        return title.to_owned();
    }
    let mut room = TITLE - 1.0;
    let kept: String = title
        .chars()
        .take_while(|letter| {
            room -= breadth(*letter);
            room >= 0.0
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// How broad a letter is, about, beside a small Latin one.
fn breadth(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | '\'' | '|' | '!' | ':' | ';' | '(' | ')' => 0.6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 1.5,
        _ if letter.is_uppercase() => 1.25,
        _ if u32::from(letter) >= 0x1100 => 1.8,
        _ => 1.0,
    }
}

/// A number with one decimal at most.
struct Short(f64);

impl Display for Short {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = format!("{:.1}", self.0);
        let text = text.strip_suffix(".0").unwrap_or(&text);
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

/// A text as XML may hold it, in content and in attributes.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            // XML has no way to write these.
            char if char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}') => f.write_char(' '),
            char => f.write_char(char),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: u128) -> TaskId {
        Uuid::from_u128(number).into()
    }

    fn task(number: u128, category: Category) -> GraphTask {
        GraphTask {
            id: id(number),
            key: Some(format!("WEB-{number}")),
            title: Some("Build the thing".into()),
            project_id: None,
            category,
            blocked: false,
            overridden: false,
            estimate_minutes: None,
            layer: 0,
            y: 0.0,
            critical: false,
        }
    }

    fn hidden(number: u128) -> GraphTask {
        GraphTask { key: None, title: None, blocked: true, ..task(number, Category::Doing) }
    }

    /// 1 (done) blocks 2 (doing), which blocks 3 (to do); 4 stands alone.
    fn graph() -> TaskGraph {
        let mut tasks = vec![
            task(1, Category::Done),
            task(2, Category::Doing),
            task(3, Category::Todo),
            task(4, Category::Todo),
        ];
        tasks[2].blocked = true;
        TaskGraph::arrange(tasks, &[(id(1), id(2)), (id(2), id(3)), (id(1), id(3))], 0)
    }

    /// The text of the node of a task.
    fn node(svg: &str, number: u128) -> &str {
        let nodes = &svg[svg.find("<g class=\"graph-nodes\">").expect("nodes")..];
        // The first in working order has the place 0.
        let at = nodes.find(&format!("data-at=\"{}\"", number - 1)).expect("the node");
        let start = nodes[..at].rfind("class=\"graph-node").expect("its class");
        let length = nodes[start..].find("</text></").expect("its end");
        &nodes[start..start + length]
    }

    #[test]
    fn every_state_has_its_class_and_its_shape() {
        let svg = draw(&graph(), None, "?");
        assert!(node(&svg, 1).contains("is-done") && node(&svg, 1).contains("rx=\"22\"/>"));
        assert!(node(&svg, 1).contains(CHECK));
        assert!(node(&svg, 2).contains("is-doing") && node(&svg, 2).contains("graph-bar"));
        assert!(node(&svg, 3).contains("is-todo is-blocked") && node(&svg, 3).contains(LOCK));
        assert!(!node(&svg, 4).contains("graph-glyph"));
    }

    #[test]
    fn a_task_says_in_words_what_there_is_to_see() {
        let mut graph = graph();
        let name = "<title>WEB-3 Build the thing. To do. Blocked. Waits for 1. On the critical path.</title>";
        assert!(node(&draw(&graph, None, "?"), 3).contains(name));
        let three = graph.tasks.iter_mut().find(|task| task.id == id(3)).expect("the task");
        (three.overridden, three.critical) = (true, false);
        let svg = draw(&graph, None, "?");
        assert!(node(&svg, 3).contains("To do. Unblocked by hand. Waits for 1.</title>"));
        assert!(node(&svg, 3).contains(OPEN_LOCK) && !node(&svg, 3).contains("is-blocked"));
        assert!(node(&svg, 2).contains("Doing. Holds up 1. On the critical path.</title>"));
    }

    #[test]
    fn whatever_people_write_is_escaped() {
        let mut evil = task(1, Category::Todo);
        evil.key = Some("A\"-1".into());
        evil.title = Some("</title><script>alert('a&b')\u{b}</script>".into());
        let svg = draw(&TaskGraph::arrange(vec![evil], &[], 0), None, "?");
        assert!(!svg.contains("<script") && !svg.contains('\'') && !svg.contains('\u{b}'));
        assert!(svg.contains(
            "<title>A&quot;-1 &lt;/title&gt;&lt;script&gt;alert(&#39;a&amp;b&#39;) &lt;/script&gt;. To do."
        ));
        assert!(svg.contains("href=\"?task=A&quot;-1\""));
    }

    #[test]
    fn a_task_that_may_not_be_seen_is_no_link_and_tells_nothing() {
        let graph = TaskGraph::arrange(vec![hidden(1), task(2, Category::Todo)], &[(id(1), id(2))], 0);
        let svg = draw(&graph, Some(id(1)), "?");
        let node = node(&svg, 1);
        assert!(node.contains("A task you may not see") && node.contains("is-hidden"));
        for secret in ["is-doing", "is-blocked", "graph-bar", "graph-glyph", "tabindex", "<title>"] {
            assert!(!node.contains(secret), "{secret}");
        }
        assert_eq!(svg.matches("<a ").count(), 1);
        assert_eq!(svg.matches("tabindex=\"0\"").count(), 1);
    }

    #[test]
    fn the_tabulator_key_comes_to_the_chosen_task_or_to_the_first() {
        let graph = graph();
        assert!(node(&draw(&graph, None, "?"), 1).contains("tabindex=\"0\""));
        assert!(node(&draw(&graph, Some(id(99)), "?"), 1).contains("tabindex=\"0\""));
        let svg = draw(&graph, Some(id(2)), "?");
        assert!(node(&svg, 2).contains("tabindex=\"0\"") && node(&svg, 2).contains("is-chosen"));
        assert_eq!(svg.matches("tabindex=\"0\"").count(), 1);
        assert_eq!(svg.matches("tabindex=\"-1\"").count(), 3);
    }

    #[test]
    fn the_chain_of_the_chosen_task_is_marked() {
        let graph = graph();
        assert!(!draw(&graph, None, "?").contains("chain"));
        let svg = draw(&graph, Some(id(3)), "?");
        assert!(svg.contains("class=\"graph has-chain\""));
        assert!(node(&svg, 1).contains("is-chain") && !node(&svg, 4).contains("is-chain"));
        assert!(svg.contains("graph-link is-chain is-done\""));
    }

    #[test]
    fn lines_end_at_boxes_and_pass_others_on_a_level() {
        let svg = draw(&graph(), None, "?");
        assert!(svg.contains("viewBox=\"0 0 742 "));
        let links = svg.split("<path class=\"graph-link").skip(1).collect::<Vec<_>>();
        assert_eq!(links.len(), 3);
        assert!(links[0].contains("d=\"M206 ") && links[0].contains("marker-end=\"url(#graph-arrow)\""));
        assert!(links[1].contains("H466C") && links[1].contains(" 534 "));
        assert!(links[2].contains("is-critical") && links[2].contains("#graph-arrow-critical"));
    }

    #[test]
    fn a_cycle_in_damaged_data_is_drawn_to_the_left() {
        let tasks = (1..4).map(|number| task(number, Category::Todo)).collect();
        let graph = TaskGraph::arrange(tasks, &[(id(1), id(2)), (id(2), id(3)), (id(3), id(1))], 2);
        let svg = draw(&graph, None, "?");
        assert!(svg.contains("d=\"M536 ") && svg.contains("Dependencies of 3 tasks, 2 more not drawn"));
    }

    #[test]
    fn numbers_and_titles_are_short() {
        let short: Vec<_> = [0.0, -0.04, 1.25, 10.0, 3.96].map(|number| Short(number).to_string()).into();
        assert_eq!(short, ["0", "0", "1.2", "10", "4"]);
        assert_eq!(cut("Twenty narrow letters"), "Twenty narrow letters");
        assert_eq!(cut("Überlänge mit vielen Wörtern darin"), "Überlänge mit vielen W…");
        assert_eq!(cut("SAFETY MUST COME FIRST OF ALL"), "SAFETY MUST COME…");
    }
}

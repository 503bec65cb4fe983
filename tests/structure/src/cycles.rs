//! Finds cycles: things that need each other, directly or through others.

use std::collections::{BTreeMap, VecDeque};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use crate::finding::Finding;
use crate::imports::{Imports, imports};
use crate::tree::Tree;

/// Returns one finding for each cycle between modules of `tree`, with a shortest way around.
#[must_use]
pub fn between_modules(tree: &Tree) -> Vec<Finding> {
    let imports = imports(tree);
    let mut findings = Vec::new();
    for cycle in cycles(tree.modules.len(), imports.keys().copied()) {
        let mut names: Vec<String> = cycle
            .iter()
            .map(|module| tree.module_name(*module))
            .collect();
        names.sort();
        let within = imports
            .keys()
            .filter(|(from, to)| cycle.contains(from) && cycle.contains(to));
        findings.push(Finding {
            message: format!(
                "{} modules of {} are in a cycle: {}",
                cycle.len(),
                tree.name,
                names.join(", ")
            ),
            places: steps(tree, &imports, &shortest(&cycle, imports.keys().copied())),
            further: within.map(|edge| step(tree, &imports, *edge)).collect(),
        });
    }
    findings
}

/// Groups the numbers below `count` that reach each other by `edges`; those that are alone are left out.
///
/// Groups and their members are in ascending order.
#[must_use]
pub fn cycles(count: usize, edges: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<_> = (0..count).map(|number| graph.add_node(number)).collect();
    for (from, to) in edges {
        graph.add_edge(nodes[from], nodes[to], ());
    }
    let mut found = Vec::new();
    for component in tarjan_scc(&graph) {
        let mut members: Vec<usize> = component.into_iter().map(|node| graph[node]).collect();
        members.sort_unstable();
        if members.len() > 1 {
            found.push(members);
        }
    }
    found.sort();
    found
}

/// Returns a shortest way around within `cycle`: each member once, beginning with the lowest.
///
/// # Panics
///
/// If `cycle` is none.
#[must_use]
pub fn shortest(cycle: &[usize], edges: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in edges {
        if cycle.contains(&from) && cycle.contains(&to) {
            next.entry(from).or_default().push(to);
        }
    }
    let ways = cycle.iter().filter_map(|start| way_back(*start, &next));
    ways.min_by_key(Vec::len)
        .expect("each member of a cycle comes back to itself")
}

fn way_back(start: usize, next: &BTreeMap<usize, Vec<usize>>) -> Option<Vec<usize>> {
    let mut reached_from = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(at) = waiting.pop_front() {
        for &to in next.get(&at).into_iter().flatten() {
            if to == start {
                let mut way = vec![at];
                while way[way.len() - 1] != start {
                    way.push(reached_from[&way[way.len() - 1]]);
                }
                way.reverse();
                return Some(way);
            }
            if let std::collections::btree_map::Entry::Vacant(entry) = reached_from.entry(to) {
                entry.insert(at);
                waiting.push_back(to);
            }
        }
    }
    None
}

fn steps(tree: &Tree, imports: &Imports, way: &[usize]) -> Vec<String> {
    let to = |position: usize| way[(position + 1) % way.len()];
    way.iter()
        .enumerate()
        .map(|(position, from)| step(tree, imports, (*from, to(position))))
        .collect()
}

fn step(tree: &Tree, imports: &Imports, edge: (usize, usize)) -> String {
    let evidence = &imports[&edge];
    let (from, to) = (tree.module_name(edge.0), tree.module_name(edge.1));
    let file = tree.modules[edge.0].file.display();
    format!(
        "{file}:{}: {from} imports {to} by {}",
        evidence.line, evidence.path
    )
}

//! The graph of dependencies between plugins, and its cycles.

use std::collections::{BTreeMap, HashMap, VecDeque};

use index::{Index, IndexedPlugin};

/// The plugins of an index, by position, and whom each depends on.
pub(super) struct Graph<'i> {
    index: &'i Index,
    /// For each plugin: the plugins that it depends on, with the position in its list of dependencies.
    next: Vec<BTreeMap<usize, usize>>,
}

impl<'i> Graph<'i> {
    /// Builds the graph; retired plugins are not loaded, and a dependency on itself has a rule of its own.
    pub(super) fn of(index: &'i Index) -> Graph<'i> {
        let position: HashMap<*const IndexedPlugin, usize> = index
            .plugins
            .iter()
            .enumerate()
            .map(|(at, plugin)| (std::ptr::from_ref(&**plugin), at))
            .collect();
        let by_key = index.plugins_by_key();
        let is_final = |plugin: &IndexedPlugin| matches!(plugin.status.as_str(), "retired" | "consolidated");
        let next = index.plugins.iter().enumerate().map(|(from, plugin)| {
            let mut next = BTreeMap::new();
            let dependencies = plugin.dependencies.iter().enumerate().filter(|_| !is_final(plugin));
            for (at, (key, _)) in dependencies {
                let Some(other) = by_key.get(key.as_str()).filter(|other| !is_final(other)) else { continue };
                let to = position[&std::ptr::from_ref(*other)];
                if to != from {
                    next.entry(to).or_insert(at);
                }
            }
            next
        });
        Graph { index, next: next.collect() }
    }

    /// Returns where a plugin lists its dependency on another.
    pub(super) fn position(&self, from: usize, to: usize) -> usize {
        self.next[from].get(&to).copied().unwrap_or_default()
    }

    /// Returns whether this graph, of the base branch, has the same cycle.
    pub(super) fn has_cycle(&self, other: &Graph<'_>, cycle: &[usize]) -> bool {
        let by_ulid: HashMap<&str, usize> =
            self.index.plugins.iter().enumerate().map(|(at, plugin)| (plugin.ulid.as_str(), at)).collect();
        let here = |at: usize| by_ulid.get(other.index.plugins[at].ulid.as_str()).copied();
        let mut steps = cycle.iter().zip(cycle.iter().cycle().skip(1));
        steps.all(|(from, to)| {
            here(*from).zip(here(*to)).is_some_and(|(from, to)| self.next[from].contains_key(&to))
        })
    }

    /// Returns a shortest cycle through the first plugin of each group of plugins that depend on each other.
    pub(super) fn cycles(&self) -> Vec<Vec<usize>> {
        let groups = self.groups();
        let mut seen = vec![false; groups.iter().max().map_or(0, |most| most + 1)];
        let mut sizes = vec![0usize; seen.len()];
        groups.iter().for_each(|group| sizes[*group] += 1);
        let mut cycles = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            if sizes[*group] > 1 && !std::mem::replace(&mut seen[*group], true) {
                cycles.extend(self.cycle_through(at, &groups));
            }
        }
        cycles
    }

    /// Finds a shortest cycle through a plugin, breadth first.
    fn cycle_through(&self, start: usize, groups: &[usize]) -> Option<Vec<usize>> {
        let mut came_from: HashMap<usize, usize> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for &to in self.next[at].keys().filter(|to| groups[**to] == groups[start]) {
                if to == start {
                    let mut cycle = vec![at];
                    while let Some(&before) = cycle.last().and_then(|last| came_from.get(last)) {
                        cycle.push(before);
                    }
                    cycle.reverse();
                    return Some(cycle);
                }
                if let std::collections::hash_map::Entry::Vacant(entry) = came_from.entry(to) {
                    entry.insert(at);
                    queue.push_back(to);
                }
            }
        }
        None
    }

    /// Returns the number of each plugin's group: plugins of one group reach each other (Tarjan's algorithm, without recursion).
    fn groups(&self) -> Vec<usize> {
        const UNSEEN: usize = usize::MAX;
        let count = self.next.len();
        let (mut order, mut low, mut group) = (vec![UNSEEN; count], vec![0; count], vec![UNSEEN; count]);
        let (mut number, mut groups) = (0, 0);
        let mut open: Vec<usize> = Vec::new();
        for root in 0..count {
            if order[root] != UNSEEN {
                continue;
            }
            let mut path = vec![(root, self.next[root].keys())];
            (order[root], low[root]) = (number, number);
            number += 1;
            open.push(root);
            while let Some((at, rest)) = path.last_mut() {
                let at = *at;
                match rest.next() {
                    Some(&to) if order[to] == UNSEEN => {
                        (order[to], low[to]) = (number, number);
                        number += 1;
                        open.push(to);
                        path.push((to, self.next[to].keys()));
                    }
                    Some(&to) => {
                        if group[to] == UNSEEN {
                            low[at] = low[at].min(order[to]);
                        }
                    }
                    None => {
                        path.pop();
                        if let Some((above, _)) = path.last() {
                            low[*above] = low[*above].min(low[at]);
                        }
                        if low[at] == order[at] {
                            while let Some(member) = open.pop() {
                                group[member] = groups;
                                if member == at {
                                    break;
                                }
                            }
                            groups += 1;
                        }
                    }
                }
            }
        }
        group
    }
}

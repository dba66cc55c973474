//! Schemas that say the same in the same words, wherever their references lead.

use super::keyword::{Holds, holds};
use super::place::Place;
use super::walk::Walk;

/// How deep two schemas are compared word by word.
const DEEP: usize = 64;

impl<'v> Walk<'v> {
    /// Whether two schemas differ in nothing but what they are called and how they are explained.
    pub(super) fn are_alike(&mut self, one: Place<'v>, other: Place<'v>) -> bool {
        self.assuming(|walk, assumed| walk.alike_at(one, other, assumed, DEEP))
    }

    /// The same of what stands under a keyword.
    pub(super) fn are_alike_under(&mut self, keyword: &str, one: Place<'v>, other: Place<'v>) -> bool {
        self.assuming(|walk, assumed| walk.same_under(keyword, (one, other), assumed, DEEP))
    }

    fn assuming(&mut self, ask: impl FnOnce(&mut Walk<'v>, &mut Vec<(usize, usize)>) -> bool) -> bool {
        let mut assumed = Vec::new();
        let are_alike = ask(self, &mut assumed);
        if !are_alike {
            // What was found alike may rest on what was not.
            for pair in assumed {
                self.alike.remove(&pair);
            }
        }
        are_alike
    }

    fn alike_at(
        &mut self,
        one: Place<'v>,
        other: Place<'v>,
        assumed: &mut Vec<(usize, usize)>,
        deep: usize,
    ) -> bool {
        let (Some(a), Some(b)) = (one.map(), other.map()) else { return one.value.same(other.value) };
        let pair = (one.id(), other.id());
        if pair.0 == pair.1 {
            return true;
        }
        if let Some(known) = self.alike.get(&pair) {
            return *known;
        }
        let Some(deeper) = deep.checked_sub(1) else { return false };
        if !self.charge(1 + a.len().min(b.len())) {
            return false;
        }
        // Schemas that lead back to themselves are alike unless a difference is found on the way.
        self.alike.insert(pair, true);
        let judging = |name: &str| holds(name) != Holds::Free;
        let count = |map: &artifact::Map| map.entries().filter(|entry| judging(&entry.key.name)).count();
        let are_alike = count(a) == count(b)
            && a.entries().filter(|entry| judging(&entry.key.name)).all(|entry| {
                let keyword = entry.key.name.as_str();
                let (Some(one), Some(other)) = (one.get(keyword), other.get(keyword)) else { return false };
                self.same_under(keyword, (one, other), assumed, deeper)
            });
        self.alike.insert(pair, are_alike);
        if are_alike {
            assumed.push(pair);
        }
        are_alike
    }

    fn same_under(
        &mut self,
        keyword: &str,
        (one, other): (Place<'v>, Place<'v>),
        assumed: &mut Vec<(usize, usize)>,
        deep: usize,
    ) -> bool {
        match holds(keyword) {
            Holds::Free => true,
            Holds::Data => {
                self.charge(1);
                one.value.same(other.value)
            }
            Holds::Schema => self.alike_at(one, other, assumed, deep),
            Holds::Schemas => {
                let (a, b) =
                    (one.value.as_list().unwrap_or_default(), other.value.as_list().unwrap_or_default());
                a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| self.alike_at(one.at(a), other.at(b), assumed, deep))
            }
            Holds::Named => match (one.map(), other.map()) {
                (Some(a), Some(b)) => {
                    a.len() == b.len()
                        && a.entries().all(|entry| {
                            let named = b.get(&entry.key.name);
                            named.is_some_and(|value| {
                                self.alike_at(one.at(&entry.value), other.at(value), assumed, deep)
                            })
                        })
                }
                _ => one.value.same(other.value),
            },
            Holds::Reference => {
                let target = |walk: &Walk<'v>, place: Place<'v>| {
                    let target = walk.document(place.side).resolve(place.value.as_str()?)?;
                    Some(place.at(target))
                };
                match (target(self, one), target(self, other)) {
                    (Some(one), Some(other)) => self.alike_at(one, other, assumed, deep),
                    _ => false,
                }
            }
        }
    }
}

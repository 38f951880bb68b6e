// Which work items a viewer may act on, as ranges of an index: one for each role, qualifier and jurisdiction of their
// grants, and one for each jurisdiction in which something may wait for them in person. The ranges do not overlap, so
// that lists and counts are put together from them. A whole district is one value of a column of the index
// (work_items_by_district), which is in the list's order there; a smaller jurisdiction is a range of place_path.
#pragma once

#include "db/kernel/paths.hpp"
#include "engine/authority.hpp"

namespace cunmai::db {

struct Reach {
    std::string addressee, role, path, qualifier;
    bool in_person = false; // whatever the qualifier

    bool is_district() const; // totals are kept
};

std::vector<Reach> reaches_of(const engine::Viewer& viewer);

// A condition on work item w. `number` tells the parameters of several ranges in one statement apart.
void add_reach(SqlText& sql, const Reach& reach, std::size_t number);
// (in one of them); 1 = 0 when there are none.
void add_any_reach(SqlText& sql, const std::vector<Reach>& reaches);

} // namespace cunmai::db

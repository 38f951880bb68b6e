#include "tests/simulation/oracles.hpp"

#include "engine/needs.hpp"
#include "engine/replay.hpp"

#include <algorithm>

namespace cunmai::simulation {

using namespace engine;

namespace {

std::string text_of(const Task& task) {
    return task.command + '/' + task.role + '/' + task.qualifier + '/' + task.person.text + '/' + task.due_on;
}
std::string text_of(const Timer& timer) {
    return timer.key + '/' + std::to_string(timer.due_at.micros) + '/' + timer.command;
}
std::string text_of(const CaseId& id, const Notice& notice) {
    auto people = notice.people;
    std::sort(people.begin(), people.end());
    return id.text + ' ' + notice.topic + Json(notice.roles).dump() + notice.qualifier + Json(people).dump();
}
template <class List> std::multiset<std::string> texts(const List& list) {
    std::multiset<std::string> all;
    for (const auto& one : list) all.insert(text_of(one));
    return all;
}

class Check {
  public:
    explicit Check(const Evidence& evidence) : e_(evidence) {}

    std::vector<std::string> run() {
        static const std::vector<Event> none;
        for (const auto& [id, row] : e_.before.rows)
            if (!e_.kept.rows.contains(id)) fail("row", id.text + " is gone");
        for (const auto& [id, row] : e_.kept.rows)
            if (!e_.kept.events.contains(id)) one_case(id, none);
        for (const auto& [id, events] : e_.kept.events) one_case(id, events);
        slots();
        client_log();
        notices();
        if (e_.at_rest) told();
        return std::move(failures_);
    }

  private:
    void fail(const std::string& oracle, const std::string& what) { failures_.push_back(oracle + ": " + what); }

    void one_case(const CaseId& id, const std::vector<Event>& events) {
        const auto found = e_.kept.rows.find(id);
        if (found == e_.kept.rows.end()) return fail("row", id.text + " has events and no row");
        const auto old_row = e_.before.rows.find(id);
        const auto old_events = e_.before.events.find(id);
        const bool is_new = old_row == e_.before.rows.end();
        if (is_new && events.empty()) return fail("row", id.text + " has no events");
        const auto known = old_events == e_.before.events.end() ? 0 : old_events->second.size();
        if (known > 0 &&
            (events.size() < known || !std::equal(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(known),
                                                  old_events->second.begin())))
            return fail("chain", id.text + ": its past has changed");
        if (!is_new && events.size() == known) return untouched(found->second, old_row->second);
        // The chain was whole when the run began, so only what came since is checked.
        const auto chain = is_new ? check_chain(id, events) : check_since(old_row->second, events, known);
        if (chain) return fail("chain", id.text + " event " + std::to_string(chain->seq) + ": " + chain->what);
        try {
            auto row = is_new ? unborn(events.front()) : old_row->second;
            if (!decide_again(row, events, known)) return;
            if (is_new) {
                if (const auto damage = replay(world().registry, events)) fail("replay", id.text + ' ' + damage->what);
                if (const auto differs = difference(row, fold(world().registry, events)); !differs.empty())
                    fail("row", id.text + " folds otherwise in " + differs);
            }
            if (const auto differs = difference(found->second, row); !differs.empty())
                fail("row", id.text + " differs from its events in " + differs);
            what_it_asks_for(row);
        } catch (const std::exception& error) { fail("row", id.text + ": " + error.what()); }
    }

    template <class Lists> static typename Lists::mapped_type of(const CaseRow& row, const Lists& lists) {
        const auto one = lists.find(row.id);
        return one == lists.end() ? typename Lists::mapped_type{} : one->second;
    }

    // No event came, so nothing may have changed, except that timers may have become due and gone.
    void untouched(const CaseRow& row, const CaseRow& old) {
        if (row.version != old.version || row.state != old.state || row.head_hash != old.head_hash ||
            row.facts != old.facts || row.summary != old.summary || row.updated_at != old.updated_at)
            fail("row", row.id.text + " changed without an event");
        timers(row);
        const auto before = texts(of(row, e_.before.timers)), now = texts(of(row, e_.kept.timers));
        if (!std::includes(before.begin(), before.end(), now.begin(), now.end()))
            fail("timers", row.id.text + " has new ones without an event");
        if (texts(of(row, e_.kept.tasks)) != texts(of(row, e_.before.tasks)))
            fail("tasks", row.id.text + " changed without an event");
    }

    // All wanted timers must be stored. Timers that are no longer wanted may be stored until they are due.
    void timers(const CaseRow& row) {
        const auto kept = of(row, e_.kept.timers);
        const auto* definition = world().registry.find(row.definition, row.definition_version);
        const auto wanted = texts(definition->timers({row.id, row.place, row.state, row.facts})), found = texts(kept);
        if (!std::includes(found.begin(), found.end(), wanted.begin(), wanted.end()))
            fail("timers", row.id.text + " wants " + std::to_string(wanted.size()) + ", keeps " +
                               std::to_string(found.size()) + " or others");
        for (const auto& timer : kept)
            if (e_.at_rest && timer.due_at <= e_.end)
                fail("timer_late", row.id.text + ' ' + timer.key + " did not fire");
    }

    static std::optional<Damage> check_since(const CaseRow& row, const std::vector<Event>& events, std::size_t known) {
        auto previous = row.head_hash;
        for (auto at = known; at < events.size(); ++at) {
            const auto seq = row.version + 1 + static_cast<std::int64_t>(at - known);
            const auto& event = events[at];
            if (event.seq != seq) return Damage{row.id, seq, "missing or out of order"};
            if (event.previous_hash != previous) return Damage{row.id, seq, "previous hash does not match"};
            if (hash_of(event) != event.hash) return Damage{row.id, seq, "hash does not match"};
            previous = event.hash;
        }
        return {};
    }

    static CaseRow unborn(const Event& event) {
        const auto context = Json::parse(event.context);
        const auto* definition = world().registry.find(event.definition, event.definition_version);
        CaseRow row;
        row.id = event.case_id;
        row.definition = event.definition;
        row.definition_version = event.definition_version;
        row.state = not_opened;
        row.place = world().places.at(context.at("place").at("code").get<std::string>());
        row.parent.text = context.at("parent");
        row.batch = context.at("batch");
        row.one_open_per_place = definition->info().one_open_per_place;
        row.opened_at = event.at;
        return row;
    }

    // Work items, timers and the sealed box are what the facts say.
    void what_it_asks_for(const CaseRow& row) {
        const auto* definition = world().registry.find(row.definition, row.definition_version);
        const CaseView view{row.id, row.place, row.state, row.facts};
        timers(row);
        if (texts(definition->tasks(view)) != texts(of(row, e_.kept.tasks)))
            fail("tasks", row.id.text + " in " + row.state);
        boxes(row);
    }

    void boxes(const CaseRow& row) {
        std::set<PersonId> boxed, voted;
        for (const auto& [key, people] : e_.kept.boxes)
            if (key.first == row.id) boxed.insert(people.begin(), people.end());
        const auto ballot = row.facts.find("ballot");
        if (ballot != row.facts.end() && ballot->is_object() && ballot->value("secret", false) && !row.final)
            for (const auto& person : ballot->value("voted", Json::array())) voted.insert({person.get<std::string>()});
        if (boxed != voted && !row.final)
            fail("box", row.id.text + ": " + std::to_string(voted.size()) + " voted, the box holds " +
                            std::to_string(boxed.size()));
    }

    // Decides each event again. Its notices must be in the outbox, and the event of a timer must have been due.
    bool decide_again(CaseRow& row, const std::vector<Event>& events, std::size_t known) {
        const auto* definition = world().registry.find(row.definition, row.definition_version);
        std::set<std::string> timer_keys, fired;
        for (auto at = known; at < events.size(); ++at) {
            const auto& event = events[at];
            const auto wanted = definition->timers({row.id, row.place, row.state, row.facts});
            for (const auto& timer : wanted) timer_keys.insert(timer.key);
            timer_event(event, wanted, timer_keys, fired);
            const auto payload = Json::parse(event.payload);
            auto context = Json::parse(event.context);
            add_not_found(context, definition->info(), row.state, event.command);
            const auto changes = Json::parse(event.changes);
            const Ask ask{row.id,  row.place, row.state, row.facts,   event.command,
                          payload, context,   event.at,  event.actor, event.on_behalf_of};
            const auto verdict = definition->decide(ask);
            if (verdict.kind != Verdict::Kind::accepted || verdict.decision.to != event.to || event.from != row.state ||
                Json::diff(row.facts, verdict.decision.facts) != changes) {
                fail("replay", row.id.text + " event " + std::to_string(event.seq) + ' ' + event.command +
                                   " is decided otherwise");
                return false;
            }
            for (const auto& notice : verdict.decision.notices) expected_.insert(text_of(row.id, notice));
            row.facts = evolve(row.facts, changes);
            row.state = event.to;
            row.version = event.seq;
            row.head_hash = event.hash;
            row.updated_at = event.at;
            row.final = definition->info().is_final(row.state);
            row.summary = definition->summary({row.id, row.place, row.state, row.facts});
        }
        return true;
    }

    void timer_event(const Event& event, const std::vector<Timer>& wanted, const std::set<std::string>& keys,
                     std::set<std::string>& fired) {
        if (event.request_id.rfind("timer:", 0) != 0) return;
        const auto key = event.request_id.substr(6);
        const auto where = event.case_id.text + " event " + std::to_string(event.seq) + ' ' + key;
        const auto timer = std::find_if(wanted.begin(), wanted.end(), [&](const Timer& one) {
            return one.key == key && one.command == event.command;
        });
        if (timer == wanted.end()) {
            if (keys.contains(key)) fail("timer_twice", where + " fired and was not wanted (any more)");
            return; // told by another case's timer
        }
        if (event.at < timer->due_at) fail("timer_early", where + " by its server's clock");
        const auto true_time = e_.true_times.find({event.case_id, event.seq});
        if (true_time != e_.true_times.end() && true_time->second.plus_seconds(e_.skew_seconds_max) < timer->due_at)
            fail("timer_early", where + " by the clock on the wall");
        if (!fired.insert(text_of(*timer)).second) fail("timer_twice", where);
    }

    void slots() {
        std::map<std::string, int> open;
        for (const auto& [id, row] : e_.kept.rows) {
            const auto* definition = world().registry.find(row.definition, row.definition_version);
            if (definition && definition->info().one_open_per_place && !row.final &&
                ++open[row.definition + ' ' + row.place.code] == 2)
                fail("slot", row.definition + ": two open cases for " + row.place.code);
        }
    }

    // The main oracle: every acknowledged command is there exactly once, every other one at most once.
    void client_log() {
        std::map<std::string, std::vector<const Event*>> effects; // by key
        for (const auto& [id, events] : e_.kept.events)
            for (const auto& event : events)
                if (auto key = e_.key_of(event); !key.empty()) effects[std::move(key)].push_back(&event);
        for (const auto& [key, asked] : e_.log) {
            std::vector<const Event*> own;
            for (const auto* event : effects[key])
                if (event->command == asked.request.name && event->actor == asked.request.actor) own.push_back(event);
            const auto what = key + ' ' + asked.request.name + " by " + asked.request.actor.text;
            if (own.size() > 1) fail("done_twice", what + " stands " + std::to_string(own.size()) + " times");
            if (asked.accepted > 0) {
                const bool there = std::any_of(own.begin(), own.end(), [&first = asked.first](const Event* event) {
                    return event->case_id == first.case_id && event->seq == first.version;
                });
                if (!there) fail("acknowledged", what + " is not in the history");
                if (!e_.kept.keys.contains({asked.request.actor, key})) fail("key", what + " left no idempotency row");
            } else if (asked.unknown == 0 && !own.empty())
                fail("denied", what + " was denied and is in the history");
            if (asked.accepted == 0 && asked.denied == 0) fail("answer", what + " never got an answer");
        }
    }

    void notices() {
        std::multiset<std::string> posted;
        std::set<std::string> old;
        for (const auto& one : e_.before.notices) old.insert(one.id);
        for (const auto& one : e_.kept.notices)
            if (!old.contains(one.id)) posted.insert(text_of(one.case_id, one.notice));
        std::vector<std::string> lost, surplus;
        std::set_difference(expected_.begin(), expected_.end(), posted.begin(), posted.end(), std::back_inserter(lost));
        std::set_difference(posted.begin(), posted.end(), expected_.begin(), expected_.end(),
                            std::back_inserter(surplus));
        for (const auto& one : lost) fail("notice_lost", one);
        for (const auto& one : surplus) fail("notice_twice", one);
    }

    // Every notice reached all its recipients, each of them once.
    void told() {
        std::multiset<std::pair<std::string, PersonId>> expected, inbox(e_.kept.inbox.begin(), e_.kept.inbox.end());
        for (const auto& one : e_.kept.notices) {
            if (!one.done) fail("told", one.id + " is still in the outbox");
            const auto& row = e_.kept.rows.at(one.case_id);
            for (const auto& person : world().recipients(one.notice, row.place.path)) expected.insert({one.id, person});
        }
        if (inbox != expected)
            fail("told", std::to_string(expected.size()) + " expected, " + std::to_string(inbox.size()) + " told");
        for (const auto& [id, sent] : e_.kept.mails)
            if (!sent) fail("mail", id + " was not sent");
        std::set<std::string> mails, arrived;
        for (const auto& [id, person] : expected) mails.insert(mail_id(id, person));
        for (const auto& [id, times] : e_.far_end) arrived.insert(id);
        if (mails != arrived)
            fail("mail", std::to_string(mails.size()) + " expected, " + std::to_string(arrived.size()) + " arrived");
    }

    const Evidence& e_;
    std::vector<std::string> failures_;
    std::multiset<std::string> expected_; // notices that follow from the events since the start
};

} // namespace

std::vector<std::string> check(const Evidence& evidence) { return Check(evidence).run(); }

} // namespace cunmai::simulation

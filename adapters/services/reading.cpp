#include "adapters/services/reading.hpp"

#include "db/cases/case_numbers.hpp"
#include "db/kernel/snapshot.hpp"
#include "engine/json_text.hpp"
#include "engine/replay.hpp"

#include <algorithm>

namespace cunmai {

namespace {

constexpr int events_at_once = 500;
constexpr auto unknown_workflow = "unknown_workflow"; // the reason why everything is withheld

// The person with their own roles over the place and those that are delegated to them.
engine::Reader reader_at(const engine::Viewer& viewer, const engine::Place& place) {
    engine::Reader reader{viewer.person, {}};
    for (const auto& grant : viewer.grants)
        if (engine::covers(grant.place_path, place.path) &&
            std::find(reader.roles.begin(), reader.roles.end(), grant.role) == reader.roles.end())
            reader.roles.push_back(grant.role);
    return reader;
}

// The text of a damaged record is shown as it is.
Json parsed(const std::string& text) {
    try {
        return parse_json(text);
    } catch (const Json::exception&) { return text; }
}

} // namespace

// What this person may read of one case. If the program does not have the case's workflow, nobody can say what may be
// read, so all contents are withheld. REQUIRES: the row is whole and lives longer.
class Reading::Cut {
  public:
    Cut(const App& app, const engine::Viewer& viewer, const engine::CaseRow& whole)
        : whole_(whole), reader_(reader_at(viewer, whole.place)),
          definition_(app.registry.find(whole.definition, whole.definition_version)),
          all_(definition_ && definition_->discloses_all(reader_, now())) {}

    bool cuts_nothing() const { return all_; }

    // Nullopt when all facts may be read.
    std::optional<Json> facts() const {
        if (all_) return std::nullopt;
        if (!definition_) return Json::object();
        auto facts = whole_.facts;
        definition_->disclose(reader_, now(), facts);
        return facts;
    }

    std::vector<ReadableEvent> events(std::vector<engine::Event> whole) const {
        std::vector<ReadableEvent> readable;
        readable.reserve(whole.size());
        for (auto& event : whole)
            if (auto one = read(std::move(event))) readable.push_back(std::move(*one));
        return readable;
    }

    void withhold(engine::Refused& refused) const {
        if (!definition_)
            refused.reasons = Json::array();
        else if (!all_)
            definition_->disclose(reader_, now(), refused);
    }

  private:
    engine::CaseView now() const { return {whole_.id, whole_.place, whole_.state, whole_.facts}; }

    // Nullopt when this person may not know that the event happened.
    std::optional<ReadableEvent> read(engine::Event whole) const {
        ReadableEvent event{std::move(whole), {}};
        if (all_) return event;
        engine::Readable content;
        if (definition_) {
            content = {parsed(event.payload), parsed(event.context), parsed(event.changes), {}, true};
            definition_->disclose(reader_, now(), event, content);
        } else {
            content = {Json::object(), Json::object(), Json::array(), unknown_workflow, true};
        }
        if (!content.is_known) return std::nullopt;
        if (content.withheld.empty()) return event;
        event.payload = text_of(content.payload);
        event.context = text_of(content.context);
        event.changes = text_of(content.changes);
        event.request_id.clear();
        event.withheld = content.withheld;
        return event;
    }

    const engine::CaseRow& whole_;
    const engine::Reader reader_;
    const engine::Definition* const definition_;
    const bool all_;
};

void Reading::withhold_facts(engine::CaseRow& row) const {
    if (auto facts = Cut(app_, viewer_, row).facts()) row.facts = std::move(*facts);
}

// Checks the newest events of a case. `newest` are used when they are enough; otherwise the events are read in parts.
RecordCheck Reading::check(const engine::CaseRow& row, const std::vector<engine::Event>& newest, int checked) const {
    RecordChecker checker(row, checked);
    const auto look = [&](const std::vector<engine::Event>& events) {
        const auto after = checker.after_seq();
        for (const auto& event : events)
            if (event.seq > after) checker.look_at(event);
    };
    if (!newest.empty() && newest.front().seq <= checker.after_seq() + 1) {
        look(newest);
        return checker.result();
    }
    for (std::size_t read = events_at_once; read == events_at_once;) {
        const auto part = app_.cases.history(viewer_, row.id, checker.after_seq(), events_at_once);
        read = part.size();
        look(part);
    }
    return checker.result();
}

std::optional<CaseFile> Reading::file(const engine::CaseId& id, const Wanted& wanted) {
    const db::Snapshot snapshot(app_.database);
    CaseFile file;
    if (wanted.offers) {
        auto found = app_.service.offers(id, viewer_.person, wanted.on_behalf_of);
        if (!found) return std::nullopt;
        file.row = std::move(found->row);
        file.offers = std::move(found->offers);
    } else {
        auto row = app_.cases.find(viewer_, id);
        if (!row) return std::nullopt;
        file.row = std::move(*row);
    }
    std::vector<engine::Event> events;
    if (wanted.events > 0) events = app_.cases.newest(viewer_, id, wanted.upto_seq, wanted.events);
    if (wanted.checked > 0) {
        const bool are_the_last = wanted.upto_seq >= file.row.version;
        file.record = check(file.row, are_the_last ? events : std::vector<engine::Event>{}, wanted.checked);
    }
    file.events = Cut(app_, viewer_, file.row).events(std::move(events));
    withhold_facts(file.row);
    return file;
}

std::optional<CaseFile> Reading::as_of(const engine::CaseId& id, std::int64_t seq, const Wanted& wanted) {
    const db::Snapshot snapshot(app_.database);
    const auto now = app_.cases.find(viewer_, id);
    if (!now || seq < 1 || seq > now->version) return std::nullopt;
    auto events = app_.cases.events(id);
    if (static_cast<std::int64_t>(events.size()) < seq) throw engine::DamagedEvent(seq, "is missing");
    events.resize(static_cast<std::size_t>(seq));
    CaseFile file;
    file.row = engine::fold(app_.registry, events);
    if (wanted.checked > 0) file.record = check(file.row, events, wanted.checked);
    const auto shown = std::min(events.size(), static_cast<std::size_t>(wanted.events));
    events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(shown));
    const Cut cut(app_, viewer_, *now);
    file.events = cut.events(std::move(events));
    if (!cut.cuts_nothing()) withhold_facts(file.row); // when something is withheld now, all that was to be then
    return file;
}

std::optional<engine::CaseRow> Reading::find(const engine::CaseId& id) {
    auto row = app_.cases.find(viewer_, id);
    if (row) withhold_facts(*row);
    return row;
}

std::optional<engine::CaseAndOffers> Reading::offers(const engine::CaseId& id, const engine::PersonId& on_behalf_of) {
    auto found = app_.service.offers(id, viewer_.person, on_behalf_of);
    if (found) withhold_facts(found->row);
    return found;
}

db::CasePage Reading::list(const db::CaseFilter& filter) {
    auto page = app_.cases.list(viewer_, filter);
    for (auto& row : page.rows) withhold_facts(row);
    return page;
}

std::vector<engine::CaseRow> Reading::children(const engine::CaseId& parent, int limit) {
    db::CaseFilter filter;
    filter.parent = parent.text;
    filter.sort = "due";
    filter.limit = limit;
    return list(filter).rows;
}

template <class T, class Read> std::vector<T> Reading::of_case(const engine::CaseId& id, Read read) {
    const db::Snapshot snapshot(app_.database); // so that the row, which decides what may be read, fits the rest
    const auto row = app_.cases.find(viewer_, id);
    return row ? read(Cut(app_, viewer_, *row)) : std::vector<T>{};
}

EventPage Reading::history(const engine::CaseId& id, std::int64_t after_seq, int limit) {
    EventPage page;
    page.events = of_case<ReadableEvent>(id, [&](const Cut& cut) {
        auto events = app_.cases.history(viewer_, id, after_seq, limit + 1);
        if (events.size() > static_cast<std::size_t>(limit)) {
            events.pop_back();
            page.next_after_seq = events.back().seq; // even if this person may not know of that event
        }
        return cut.events(std::move(events));
    });
    return page;
}

std::vector<ReadableEvent> Reading::newest(const engine::CaseId& id, int limit) {
    return of_case<ReadableEvent>(id, [&](const Cut& cut) {
        return cut.events(app_.cases.newest(viewer_, id, std::numeric_limits<std::int64_t>::max(), limit));
    });
}

std::vector<db::Move> Reading::moves(const engine::CaseId& id) { return app_.cases.moves(viewer_, id); }

std::vector<db::RefusedRow> Reading::refusals(const engine::CaseId& id, int limit) {
    return of_case<db::RefusedRow>(id, [&](const Cut& cut) {
        auto rows = app_.cases.refusals(viewer_, id, limit);
        for (auto& row : rows) cut.withhold(row.refused);
        return rows;
    });
}

std::vector<db::RefusedRow> Reading::refused_openings(const std::string& before, int limit) {
    return app_.cases.refused_openings(viewer_, before, limit);
}

std::vector<db::DocumentInfo> Reading::documents(const engine::CaseId& id) {
    return of_case<db::DocumentInfo>(id, [&](const Cut&) { return app_.documents.of_case(id); });
}

std::map<std::string, std::string> Reading::numbers(const std::vector<engine::CaseRow>& rows) {
    std::vector<std::string> ids;
    for (const auto& row : rows) ids.push_back(row.id.text);
    return db::case_numbers(app_.database, ids, engine::default_utc_offset_minutes);
}

db::WorkPage Reading::worklist(const db::WorkFilter& filter) {
    return app_.cases.worklist(viewer_, filter, app_.today());
}

db::WorkCounts Reading::work_counts() { return app_.cases.counts(viewer_, app_.today()); }

std::map<std::string, std::int64_t> Reading::count_by_state(std::string_view definition, std::string_view place_code) {
    return app_.cases.count_by_state(viewer_, definition, place_code);
}

std::vector<db::RoundProgress> Reading::round_progress(std::string_view batch) {
    return app_.cases.round_progress(viewer_, batch);
}

} // namespace cunmai

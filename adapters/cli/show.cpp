// One case as its events make it, read from the database: for an auditor without pages, and for keeping a copy of its
// raw events elsewhere. What is withheld while a ballot is open is withheld here, too.
#include "adapters/cli/shell.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/reading.hpp"
#include "engine/replay.hpp"

#include <algorithm>
#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    std::string case_id;
    std::int64_t at = 0;
    bool events = false;
};

constexpr int events_at_once = 500;

// Sees every place, holds no role and is no member: nothing that is withheld from others is shown to it.
engine::Viewer onlooker() { return {{}, {}, {"/"}, {"/"}}; }

// All events up to this one, in their order.
std::vector<ReadableEvent> events_of(Reading& reading, const engine::CaseId& id, std::int64_t last) {
    std::vector<ReadableEvent> events;
    for (std::optional<std::int64_t> after = 0; after;) {
        auto page = reading.history(id, *after, events_at_once);
        for (auto& event : page.events)
            if (event.seq <= last) events.push_back(std::move(event));
        after = page.next_after_seq && *page.next_after_seq < last ? page.next_after_seq : std::nullopt;
    }
    return events;
}

std::map<std::string, std::string> names_in(App& app, const std::vector<ReadableEvent>& events) {
    std::vector<std::string> people;
    for (const auto& event : events)
        for (const auto& person : {event.actor.text, event.on_behalf_of.text})
            if (!person.empty()) people.push_back(person);
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    return app.people.names(people);
}

std::string text_of(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void print_case(const Shell& shell, const engine::CaseRow& row, const std::string& number) {
    shell.say("cli.show.case", {{"number", number},
                                {"title", row.summary.title},
                                {"state", row.state},
                                {"place", row.place.name},
                                {"code", row.place.code},
                                {"version", row.version},
                                {"definition", row.definition},
                                {"definition_version", row.definition_version},
                                {"head_hash", row.head_hash}});
    std::cout << text_of(row.facts, 2) << "\n";
}

void print_line(const ReadableEvent& event, const std::map<std::string, std::string>& names) {
    const auto name = [&](const engine::PersonId& person) {
        const auto found = names.find(person.text);
        return found == names.end() ? person.text : found->second + " (" + person.text + ")";
    };
    std::cout << event.seq << "\t" << engine::to_iso(event.at) << "\t" << event.command << "\t" << event.from << " → "
              << event.to << "\t" << name(event.actor);
    if (!event.on_behalf_of.empty()) std::cout << " / " << name(event.on_behalf_of);
    std::cout << "\t" << event.hash << "\n";
}

int show(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::existing_database, false);
    const auto viewer = onlooker();
    Reading reading(*app, viewer);
    const engine::CaseId id{flags.case_id};
    const auto now = reading.find(id);
    const auto unknown = [&] { shell.stop(exit_failed, "cli.verify.no_such_case", {{"case", flags.case_id}}); };
    if (!now) unknown();
    const auto last = flags.at == 0 ? now->version : flags.at;
    if (last > now->version)
        shell.stop(exit_failed, "cli.show.no_such_event", {{"event", last}, {"last", now->version}});
    const auto events = events_of(reading, id, last);
    const auto names = names_in(*app, events);
    if (flags.events) { // one line each, as the API gives them
        for (const auto& event : events) std::cout << text_of(http::api::view(event, names), -1) << "\n";
        return exit_ok;
    }
    try {
        const auto then = flags.at == 0 ? std::optional<CaseFile>() : reading.as_of(id, last, {});
        const auto& row = then ? then->row : *now;
        print_case(shell, row, reading.numbers({row}).at(id.text));
    } catch (const engine::DamagedEvent& damaged) {
        shell.stop(exit_failed, "cli.verify.damage",
                   {{"case", flags.case_id}, {"seq", damaged.seq}, {"what", damaged.what()}});
    }
    for (const auto& event : events) print_line(event, names);
    return exit_ok;
}

} // namespace

void add_show(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command = shell.command("show", "Show one case with its events, as it is or as it stood after one of them",
                                  [&shell, flags] { return show(shell, *flags); });
    shell.add_database_options(command);
    command->add_option("CASE", flags->case_id, "Its id")->required();
    command->add_option("--at", flags->at, "As it stood after this event")->check(::CLI::PositiveNumber);
    command->add_flag("--events", flags->events, "Only the raw events, one JSON object a line, as the API gives them");
}

} // namespace cunmai::cli

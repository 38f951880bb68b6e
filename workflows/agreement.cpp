#include "workflows/agreement.hpp"

#include "engine/json_text.hpp"

#include <algorithm>

namespace cunmai::workflows {

using namespace engine;

namespace {

class Claims {
  public:
    Claims(const CaseRow& row, const std::vector<Event>& events) : row_(row), events_(events) {}

    std::vector<Claim> of_family(const Registry& registry) {
        if (!row_.parent.empty()) add(row_.parent, "one opened the other");
        std::vector<std::string_view> opening;
        if (const auto* definition = registry.find(row_.definition, row_.definition_version))
            for (const auto& command : definition->info().commands)
                if (command.opens_child) opening.push_back(command.key);
        for (const auto& event : events_)
            if (std::find(opening.begin(), opening.end(), event.command) != opening.end())
                add({parse_json(event.context).at("new_case_id").get<std::string>()}, "one opened the other");
        if (row_.definition == "village_lifecycle") of_village();
        if (row_.definition == "committee_meeting") of_meeting();
        if (row_.definition == "prescription" && !row_.parent.empty()) add_state(row_.parent, row_.id, row_.state);
        return std::move(claims_);
    }

  private:
    void add(CaseId of, std::string what) { claims_.push_back({row_.id, std::move(of), std::move(what)}); }

    void add_state(const CaseId& of, const CaseId& prescription, const std::string& state) {
        add(of, "prescription " + prescription.text + " is " + state);
    }

    void add_opening(const CaseId& of, Instant at, const Json& meeting) {
        add(of, "a ballot was opened at " + to_iso(at) + ", chair " + meeting.at("chair").dump() + ", secret " +
                    meeting.at("secret").dump() + ", present " + meeting.at("present").dump());
    }

    void add_attendance(const CaseId& of, Instant at, const Json& present) {
        add(of, "the attendance was changed at " + to_iso(at) + " to " + present.dump());
    }

    void add_result(const CaseId& of, Instant at, const Json& purpose, const Json& result) {
        add(of, "a ballot was closed at " + to_iso(at) + ": " + purpose.dump() + ' ' + result.dump());
    }

    void of_village() {
        CaseId meeting;
        for (const auto& event : events_) {
            if (event.command == "open_ballot") {
                meeting.text = parse_json(event.payload).at("meeting");
                add_opening(meeting, event.at, parse_json(event.context).at("meeting"));
            } else if (event.command == "attendance_changed") {
                add_attendance(meeting, event.at, parse_json(event.payload).at("present"));
            }
        }
        const auto found = row_.facts.find("ballots");
        if (found != row_.facts.end())
            for (const auto& ballot : *found)
                add_result({ballot.at("meeting").get<std::string>()}, {ballot.at("closed_at").get<std::int64_t>()},
                           ballot.at("purpose"), ballot.at("result"));
        const auto prescriptions = row_.facts.find("prescriptions");
        if (prescriptions != row_.facts.end())
            for (const auto& [id, noted] : prescriptions->items()) add_state({id}, {id}, noted.at("state"));
    }

    void of_meeting() {
        auto facts = Json::object(); // before each event
        for (const auto& event : events_) {
            const auto payload = parse_json(event.payload);
            if (event.command == "ballot_opened") {
                add_opening(
                    {payload.at("case_id").get<std::string>()}, event.at,
                    {{"chair", facts.at("chair")}, {"secret", facts.at("secret")}, {"present", facts.at("present")}});
            } else if (event.command == "ballot_closed" && payload.at("result") != "void") {
                // (What ends a case cuts its ballot off: nothing is counted then, and the case tells of no result.)
                add_result({payload.at("case_id").get<std::string>()}, event.at, payload.at("purpose"),
                           payload.at("result"));
            }
            facts.patch_inplace(parse_json(event.changes));
            if (event.command == "start_session" || event.command == "record_attendance")
                for (const auto& id : facts.at("open_ballots"))
                    add_attendance({id.get<std::string>()}, event.at, facts.at("present"));
        }
    }

    const CaseRow& row_;
    const std::vector<Event>& events_;
    std::vector<Claim> claims_;
};

} // namespace

std::vector<Claim> claims_of(const Registry& registry, const CaseRow& row, const std::vector<Event>& events) {
    return Claims(row, events).of_family(registry);
}

} // namespace cunmai::workflows

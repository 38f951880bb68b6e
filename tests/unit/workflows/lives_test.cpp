// Whole lives, from the first command to the last: together they fire every row of every table, so no row is dead; what
// they leave behind replays; and every notice they sent has its words.
#include "engine/needs.hpp"
#include "engine/replay.hpp"
#include "engine/time.hpp"
#include "tests/unit/workflows/district.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace cunmai::workflows::test {
namespace {

using namespace engine;

const std::vector<std::string> committee_members{"ch", "m1", "m2", "m3", "m4"};
const std::vector<std::string> five{"organisation", "discipline", "political_legal", "civil_affairs", "agriculture"};

class Lives : public ::testing::Test {
  protected:
    Case open() {
        const auto opened = district_->open("village_lifecycle", village_code, "open", Json::object(), "pl");
        EXPECT_THAT(opened, is_accepted());
        return {district_, opened.case_id};
    }
    Case open_targeted() {
        return {
            district_,
            district_->open("village_lifecycle", village_code, "open_targeted", {{"reason", "预警"}}, "ts").case_id};
    }
    void self_check(const Case& village) {
        auto answers = good_answers();
        for (auto& [code, answer] : answers["answers"].items()) answer["evidence"] = {district_->evidence};
        village.does("submit_self_check", {{"answers", district_->upload(answers.dump())}});
    }
    void review(const Case& village) {
        village.does("record_interview");
        village.does("record_courtyard_meeting");
        village.does("record_consultation");
        for (const auto& department : five)
            village.as("dr-" + department).does("sign_opinion", {{"department", department}});
        village.as("pl").does("endorse");
    }
    // A whole meeting for one case; the first approve, the next reject, the others abstain; m4 recuses.
    void ballot(const Case& village, int approve, int reject,
                const std::vector<std::string>& present = committee_members) {
        const Json payload{
            {"title", "会议"}, {"meeting_on", district_->today()}, {"chair", "ch"}, {"agenda", {village.id()}}};
        const Case meeting{district_,
                           district_->open("committee_meeting", district_code, "convene", payload, "sec").case_id};
        meeting.does("set_agenda", {{"agenda", {village.id()}}});
        meeting.does("start_session", {{"attendance", present}});
        meeting.does("record_attendance", {{"attendance", present}});
        meeting.does("set_agenda", {{"agenda", {village.id()}}});
        village.does("open_ballot", {{"meeting", meeting.id()}});
        meeting.does("record_attendance", {{"attendance", present}}); // the village's case is told
        for (std::size_t i = 0; i < committee_members.size(); ++i) {
            const auto& member = committee_members[i];
            if (static_cast<int>(i) < approve)
                village.as(member).does("cast_vote", {{"choice", "approve"}});
            else if (static_cast<int>(i) < approve + reject)
                village.as(member).does("cast_vote", {{"choice", "reject"}, {"reason", "示例"}});
            else if (member != "m4" && std::find(present.begin(), present.end(), member) != present.end())
                village.as(member).does("cast_vote", {{"choice", "abstain"}, {"reason", "示例"}});
        }
        village.as("m4").does("recuse");
        village.does("close_ballot");
        meeting.does("close_meeting");
    }
    Case managed() {
        const auto village = open_targeted();
        village.does("nominate", {{"category", "governance"}});
        review(village);
        ballot(village, 3, 0);
        EXPECT_EQ(village.state(), "managed");
        return village;
    }
    void manage(const Case& village) {
        village.does("adopt_plan");
        village.does("assign");
        village.does("replace_assignee", {{"post", "coordinator"}, {"person", "vc2"}});
    }
    Case prescription(const Case& village, const Json& given = Json::object()) {
        return {district_, village.does("issue_prescription", given).created};
    }
    void issue(const Case& rx) {
        rx.does("issue", {{"task", "示例"},
                          {"responsible_person", "vo"},
                          {"acceptance_criterion", "示例"},
                          {"deadline_on", to_text(add_days(parse_date(district_->today()).value(), 30))}});
    }
    void close(const Case& rx) {
        issue(rx);
        for (const auto* command : {"accept", "report_progress", "submit_for_check", "accept_result"}) rx.does(command);
    }
    void evaluate(const Case& village) {
        for (const auto* command : {"record_self_evaluation", "record_public_evaluation", "record_town_assessment",
                                    "record_district_assessment", "record_commander_opinion"})
            village.does(command);
        village.as("vc2").does("record_coordinator_opinion");
        village.does("endorse_exit");
    }
    Case in_follow_up() {
        const auto village = managed();
        manage(village);
        close(prescription(village));
        village.does("request_exit");
        evaluate(village);
        ballot(village, 3, 0);
        EXPECT_EQ(village.state(), "follow_up");
        return village;
    }
    void end(const Case& village) { village.does("terminate"); }
    void days_later(int count) {
        district_->pass_until(to_text(add_days(parse_date(district_->today()).value(), count)));
    }

    std::shared_ptr<District> district_ = std::make_shared<District>();

    void screening_ends();
    void review_and_votes_end();
    void exits_end();
    void years_of_follow_up();
    void prescriptions();
    void terminations();
    void everything();
};

void Lives::screening_ends() {
    const auto village = open();
    self_check(village);
    village.as("to").does("return_to_village");
    self_check(village);
    village.does("decline");
    const auto round = district_->open("screening_round", district_code, "announce",
                                       {{"title", "批次"},
                                        {"self_check_due_on", district_->today()},
                                        {"screening_due_on", district_->today()},
                                        {"review_due_on", district_->today()}},
                                       "pl");
    EXPECT_THAT(district_->give(round.case_id, "close_round", Json::object(), "pl"), is_accepted());
    const auto meeting =
        district_->open("committee_meeting", district_code, "convene",
                        {{"title", "会议"}, {"meeting_on", district_->today()}, {"chair", "ch"}}, "sec");
    EXPECT_THAT(district_->give(meeting.case_id, "cancel_meeting", {{"reason", "改期"}}, "sec"), is_accepted());
}

void Lives::review_and_votes_end() {
    auto village = open_targeted();
    village.does("nominate", {{"category", "governance"}});
    village.does("return_to_town");
    village.does("nominate", {{"category", "governance"}});
    village.does("decline");

    village = open_targeted();
    village.does("nominate", {{"category", "governance"}});
    review(village);
    ballot(village, 2, 2);
    EXPECT_EQ(village.state(), "department_review") << "a tie: deferred";
    village.does("record_consultation");
    village.as("pl").does("endorse");
    ballot(village, 1, 0, {"ch", "m4"});
    EXPECT_EQ(village.state(), "committee_approval") << "no quorum";
    ballot(village, 1, 3);
    EXPECT_EQ(village.state(), "not_listed");
}

void Lives::exits_end() {
    const auto village = managed();
    manage(village);
    village.does("request_exit");
    village.does("deny_exit");
    village.does("request_exit");
    evaluate(village);
    ballot(village, 2, 2);
    EXPECT_EQ(village.state(), "exit_review") << "deferred";
    village.does("record_district_assessment");
    village.does("endorse_exit");
    ballot(village, 1, 0, {"ch", "m4"});
    EXPECT_EQ(village.state(), "exit_approval") << "no quorum";
    ballot(village, 0, 3);
    EXPECT_EQ(village.state(), "managed");
    end(village);
}

void Lives::years_of_follow_up() {
    const auto village = in_follow_up();
    village.as("to").does("record_look_back", {{"finding", "slipping"}});
    village.as("to").does("record_look_back", {{"finding", "relapsed"}});
    village.does("adopt_plan", {{"funds_committed", 100}, {"monitoring_cycle_days", 20}});
    village.does("replace_assignee", {{"post", "commander"}, {"person", "dc2"}});
    const auto rx = prescription(village);
    village.as("ts").does("report_relapse");
    rx.as("pl").does("cancel"); // a case under review is told
    review(village);
    ballot(village, 3, 0);
    close(prescription(village, {{"source", "REL-01"}}));
    village.does("request_exit");
    for (const auto* command :
         {"record_self_evaluation", "record_public_evaluation", "record_town_assessment", "record_district_assessment"})
        village.does(command);
    village.as("dc2").does("record_commander_opinion");
    village.as("vc2").does("record_coordinator_opinion");
    village.does("endorse_exit");
    ballot(village, 3, 0);
    village.as("to").does("record_look_back");
    village.as("dr-organisation").does("record_look_back");
    close(prescription(village));
    days_later(366);
    village.does("complete_follow_up");
}

void Lives::prescriptions() {
    const auto village = managed();
    manage(village);
    auto rx = prescription(village);
    issue(rx);
    rx.does("decline_responsibility");
    issue(rx);
    rx.does("accept");
    const auto later = to_text(add_days(parse_date(district_->today()).value(), 40));
    rx.does("request_extension", {{"until_on", later}});
    rx.does("refuse_extension");
    rx.does("request_extension", {{"until_on", later}});
    rx.does("grant_extension");
    rx.does("submit_for_check");
    rx.does("reject_result");
    rx.does("submit_for_check");
    rx.does("accept_result");
    rx.does("reopen", {{"deadline_on", later}});

    std::vector<Case> waiting; // one in each running state, while all deadlines pass
    for (const auto* state : {"issued", "in_progress", "awaiting_check"}) {
        waiting.push_back(prescription(village));
        issue(waiting.back());
        if (std::string(state) != "issued") waiting.back().does("accept");
        if (std::string(state) == "awaiting_check") waiting.back().does("submit_for_check");
    }
    days_later(60);
    for (const auto& one : waiting) {
        EXPECT_EQ(one.colour(), "red");
        one.as("pl").does("cancel");
    }
    prescription(village).as("pl").does("cancel");
    prescription(village); // drafted; withdrawn below
    issue(prescription(village));
    const auto running = prescription(village);
    issue(running);
    running.does("accept");
    const auto checked = prescription(village);
    issue(checked);
    checked.does("accept");
    checked.does("submit_for_check");
    end(village);
}

// Cases are ended in every state, and told about a prescription in every state.
void Lives::terminations() {
    for (const auto* state : {"self_check", "town_screening", "department_review", "committee_approval", "managed",
                              "exit_review", "exit_approval", "follow_up"}) {
        const Case village = a_village().in(state);
        const Case rx{village.shared(),
                      village.district().place_case(
                          "prescription", village_code, "issued",
                          {{"parent", village.id()}, {"responsible_person", "vo"}, {"problem", "示例"}})};
        rx.does("accept");
        village.does("terminate");
        for (auto& [id, events] : village.district().store.memory.events) {
            auto& kept = district_->store.memory.events[{state + ("-" + id.text)}];
            kept.insert(kept.end(), events.begin(), events.end());
        }
    }
}

void Lives::everything() {
    screening_ends();
    review_and_votes_end();
    exits_end();
    years_of_follow_up();
    prescriptions();
}

TEST_F(Lives, FireEveryRowOfEveryTable) {
    everything();
    terminations();
    std::set<std::string> fired;
    for (const auto& [id, events] : district_->store.memory.events)
        for (const auto& event : events)
            fired.insert(event.definition + ": " + event.from + " " + event.command + " " + event.to);
    for (const auto* definition : district_->registry.all())
        for (const auto& row : definition->info().rows) {
            const auto line = definition->info().key + ": " + row.from + " " + row.command + " " + row.to;
            EXPECT_TRUE(fired.contains(line)) << "dead row? " << line;
        }
}

TEST_F(Lives, ReplayToTheSameStatesAndFacts) {
    everything();
    for (const auto& [id, events] : district_->store.memory.events) {
        const auto damage = engine::replay(district_->registry, events);
        EXPECT_FALSE(damage.has_value()) << (damage ? id.text + " " + std::to_string(damage->seq) + " " + damage->what
                                                    : "");
        EXPECT_EQ(engine::difference(district_->row(id), engine::fold(district_->registry, events)), "") << id.text;
    }
}

// An event keeps what the engine says and what the rows of its command need, and nothing else; with each of these taken
// away it is not decided at all.
TEST_F(Lives, AreDecidedByWhatTheirRowsNeed) {
    everything();
    const std::set<std::string> own{"roles",  "qualifiers", "relations", "today",      "place",
                                    "parent", "batch",      "sealed",    "new_case_id"};
    std::set<std::string> taken;
    for (const auto& [id, events] : district_->store.memory.events) {
        auto facts = Json::object();
        for (const auto& event : events) {
            SCOPED_TRACE(event.definition + ": " + event.from + " " + event.command + " " + event.to);
            const auto& definition = *district_->registry.find(event.definition, event.definition_version);
            const auto payload = Json::parse(event.payload);
            auto context = Json::parse(event.context), needs = Json::object();
            add_not_found(needs, definition.info(), event.from, event.command);
            for (const auto& [key, value] : context.items())
                EXPECT_TRUE(own.contains(key) || needs.contains(key)) << key << " is nobody's need";
            add_not_found(context, definition.info(), event.from, event.command);
            const Ask ask{
                id,          district_->row(id).place, event.from, facts, event.command, payload, context, event.at,
                event.actor, event.on_behalf_of};
            const auto verdict = definition.decide(ask);
            EXPECT_EQ(verdict.kind, Verdict::Kind::accepted);
            EXPECT_EQ(verdict.decision.to, event.to);
            for (const auto& [need, nothing] : needs.items()) {
                const auto value = context.at(need);
                context.erase(need);
                EXPECT_THROW(definition.decide(ask), MissingNeed) << need;
                context[need] = value;
                taken.insert(event.definition + " " + event.command + " " + need);
            }
            facts = evolve(facts, Json::parse(event.changes));
        }
    }
    EXPECT_GT(taken.size(), 35U);
}

// Titles and bodies exist in both languages and name nothing that the notice doesn't carry.
TEST_F(Lives, SendNoticesThatHaveWords) {
    everything();
    std::map<std::string, std::set<std::string>> carried;
    for (const auto& notice : district_->store.memory.notices) {
        auto& params = carried[notice.topic];
        params.insert("case_title");
        for (const auto& [key, value] : notice.params.items()) params.insert(key);
    }
    EXPECT_GT(carried.size(), 35U);
    for (const auto* language : {"zh-CN", "en"}) {
        std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "../../../templates/messages" / language /
                         "workflow.json");
        const auto messages = Json::parse(in);
        for (const auto& [topic, params] : carried)
            for (const auto* part : {".title", ".body"}) {
                const auto text = messages.value("notice." + topic + part, "");
                EXPECT_FALSE(text.empty()) << language << " notice." << topic << part;
                for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
                    const auto name = text.substr(at + 1, text.find('}', at) - at - 1);
                    EXPECT_TRUE(params.contains(name)) << language << " " << topic << " {" << name << "}";
                }
            }
    }
}

} // namespace
} // namespace cunmai::workflows::test

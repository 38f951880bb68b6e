// Makes the golden record of this program (docs/golden-record.md):
//
//   make_golden NEW [BEFORE]
//
// plays lives over all workflows in an invented district and writes their events to NEW. With BEFORE, the record of the
// former release, the open cases of that record are migrated and go on. Then only these and new cases are written.
#include "tests/golden/record.hpp"
#include "tests/unit/workflows/lives.hpp"

#include "engine/time.hpp"

#include <iostream>

namespace cunmai::golden {
namespace {

using namespace engine;
using workflows::test::good_answers;
using workflows::test::town_code;
using VillageCase = workflows::test::Case;

class District : public workflows::test::Lives {
  public:
    District() {
        district_->store.memory.delegations.push_back({{"ts"}, {"ts2"}, "town_supervisor", {0}, {1LL << 60}});
        auto answers = good_answers(); // those that self_check() submits
        for (auto& [code, answer] : answers["answers"].items()) answer["evidence"] = {district_->evidence};
        district_->upload(answers.dump());
    }

    // One open case in each state, in a village of its own, and other things that the whole lives leave out.
    void leave_open_cases();
    void go_on_from(const Record& before);
    Record record(const Record& before) const;

  private:
    std::string village(); // a new village with its officer
    VillageCase nominated(const std::string& place);
    VillageCase before_committee(const std::string& place);
    VillageCase in_exit_review(const std::string& place);

    int villages_ = 0;
};

std::string District::village() {
    auto place = district_->store.memory.places.at(workflows::test::village_code);
    place.code = "9901000013" + std::string(villages_ < 10 ? "0" : "") + std::to_string(villages_);
    place.name = "示例" + std::to_string(++villages_) + "村";
    place.path = "/990100/990100001/" + place.code + "/";
    district_->store.memory.places[place.code] = place;
    district_->grant("vo", "village_officer", place.path);
    return place.code;
}

VillageCase District::nominated(const std::string& place) {
    const auto one = open_targeted(place);
    one.as("ts2").for_("ts").does("nominate", {{"category", "governance"}});
    return one;
}

VillageCase District::before_committee(const std::string& place) {
    const auto one = nominated(place);
    review(one);
    return one;
}

VillageCase District::in_exit_review(const std::string& place) {
    const auto one = managed(place);
    manage(one);
    one.does("request_exit");
    return one;
}

void District::leave_open_cases() {
    const auto round = district_->open("screening_round", workflows::test::district_code, "announce",
                                       {{"title", "批次"},
                                        {"towns", {town_code}},
                                        {"self_check_due_on", in_days(10)},
                                        {"screening_due_on", in_days(20)},
                                        {"review_due_on", in_days(30)}},
                                       "pl");
    open(village(), round.case_id.text);
    const auto returned = open(village(), round.case_id.text);
    self_check(returned);
    returned.as("to").does("return_to_village");
    self_check(open(village(), round.case_id.text));

    nominated(village()).as("dr-discipline").does("sign_opinion", {{"department", "discipline"}});
    for (const bool secret : {false, true}) {
        const auto one = before_committee(village());
        const auto meeting = meeting_for(one, everybody(), secret);
        one.does("open_ballot", {{"meeting", meeting.id()}});
        one.as("m1").does("cast_vote", {{"choice", "approve"}});
        one.as("m2").does("cast_vote",
                          secret ? Json{{"choice", "reject"}} : Json{{"choice", "reject"}, {"reason", "示例"}});
    }
    const auto voided = before_committee(village()); // terminated while its secret ballot was open
    voided.does("open_ballot", {{"meeting", meeting_for(voided, everybody(), true).id()}});
    voided.as("m1").does("cast_vote", {{"choice", "approve"}});
    end(voided);

    const auto elected = before_committee(village());
    ballot(elected, 4, 0, everybody(), true);
    manage(elected);
    prescription(elected);
    issue(prescription(elected));
    const auto extended = prescription(elected), overdue = prescription(elected), checked = prescription(elected);
    for (const auto& one : {extended, overdue, checked}) {
        issue(one);
        one.does("accept");
    }
    extended.does("request_extension", {{"until_on", in_days(60)}});
    checked.does("submit_for_check");

    in_exit_review(village()).does("record_self_evaluation");
    evaluate(in_exit_review(village()));
    in_follow_up(village()).as("to").does("record_look_back");
    in_follow_up(village()).as("ts").does("report_relapse");
    days_later(35);
}

void District::go_on_from(const Record& before) {
    auto& memory = district_->store.memory;
    district_->store.write([&](Transaction& tx) { keep(tx, district_->registry, before); });
    memory.documents.insert(before.documents.begin(), before.documents.end());
    Instant last{0};
    for (const auto& [id, row] : memory.rows) {
        memory.places[row.place.code] = row.place;
        if (row.place.level == "village") district_->grant("vo", "village_officer", row.place.path);
        last = std::max(last, row.updated_at);
    }
    memory.next_id = 10'000 * (1 + static_cast<int>(before.definitions.size()));
    villages_ = 50; // more than the former record has
    district_->on(to_text(add_days(local_date(last), 1)));
    const auto migrate = [](auto& service, const CaseId& id) { // a program that knows versions
        if constexpr (requires { service.migrate(id, false); }) service.migrate(id, false);
    };
    for (const auto& one : before.cases) migrate(district_->service, {one.row.at("id").get<std::string>()});
    for (const auto& one : before.cases) {
        const VillageCase migrated(district_, {one.row.at("id").get<std::string>()});
        if (one.row.at("definition") != "village_lifecycle") continue;
        if (migrated.state() == "self_check")
            self_check(migrated);
        else if (migrated.state() == "exit_approval")
            ballot(migrated, 3, 0);
        else if (migrated.state() == "managed")
            prescription(migrated);
    }
}

// The cases that went on or were opened since.
Record District::record(const Record& before) const {
    Record record;
    for (const auto* definition : district_->registry.all()) {
        const auto& info = definition->info();
        record.definitions.push_back({info.key, info.version, info.fingerprint});
    }
    record.documents = district_->store.memory.documents;
    std::map<std::string, std::size_t> had;
    for (const auto& one : before.cases) had[one.row.at("id")] = one.events.size();
    for (const auto& [id, events] : district_->store.memory.events)
        if (!events.empty() && (!had.contains(id.text) || had.at(id.text) != events.size()))
            record.cases.push_back({row_of(district_->store.memory.rows.at(id)), events});
    return record;
}

int make(const std::string& file, const std::string& file_before) {
    District district;
    Record before;
    if (file_before.empty()) {
        district.everything();
    } else {
        before = read(file_before);
        district.go_on_from(before);
        district.screening_ends();
    }
    district.leave_open_cases();
    if (::testing::UnitTest::GetInstance()->ad_hoc_test_result().Failed()) return 1; // what failed has been printed
    const auto made = district.record(before);
    write(file, made);
    std::size_t events = 0;
    for (const auto& one : made.cases) events += one.events.size();
    std::cout << file << ": " << made.cases.size() << " cases, " << events << " events\n";
    return 0;
}

} // namespace
} // namespace cunmai::golden

int main(int argc, char** argv) {
    ::testing::InitGoogleMock(&argc, argv);
    if (argc == 2 || argc == 3) return cunmai::golden::make(argv[1], argc == 3 ? argv[2] : "");
    std::cerr << "make_golden NEW [BEFORE]\n";
    return 2;
}

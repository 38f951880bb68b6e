// How a workflow is shown that says nothing of it, and that a misspelt presentation is found.
#include "docs/examples/leave_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cunmai::engine {
namespace {

using ::testing::ElementsAre;

// The leave request with another presentation.
class Shows : public Definition {
  public:
    explicit Shows(Presentation shown = {}) : shown_(std::move(shown)) {}
    const DefinitionInfo& info() const override { return leave_->info(); }
    Verdict decide(const Ask& ask) const override { return leave_->decide(ask); }
    Json relations(const CaseView& view) const override { return leave_->relations(view); }
    std::vector<Task> tasks(const CaseView& view) const override { return leave_->tasks(view); }
    const Presentation& presentation() const override { return shown_; }

  private:
    std::unique_ptr<Definition> leave_ = examples::leave_request();
    Presentation shown_;
};

const Json facts{{"applicant", "ann"}, {"from_on", "2030-05-01"}, {"until_on", "2030-05-03"}, {"asked_at", 1}};

CaseView view_of(const Json& of = facts) {
    return {{"c1"}, {"10", "Stone Village", "1", "village", "/1/10/"}, "requested", of};
}

TEST(Presentation, WithoutOneTheTableGivesTheMainLineAndTheColumns) {
    const Shows plain;
    EXPECT_THAT(main_line_of(plain), ElementsAre("requested", "granted"));
    EXPECT_THAT(states_in_order(plain), ElementsAre("requested", "granted", "refused", "withdrawn"));
    ASSERT_EQ(columns_of(plain).size(), 3U);
    EXPECT_EQ(columns_of(plain)[0].of, Column::Of::title);
    EXPECT_EQ(tone_of(plain, "granted"), Tone::plain);
    EXPECT_EQ(question_of(plain, "requested", "grant"), nullptr);
    EXPECT_FALSE(is_grave(plain, "withdraw"));
}

TEST(Presentation, WithoutOneTheFieldsOfTheCommandsNameTheFacts) {
    const Shows plain;
    const auto sections = plain.sections(view_of(), [](std::string_view) { return Json(); });
    ASSERT_EQ(sections.size(), 1U);
    EXPECT_EQ(sections[0].key, main_section);
    const auto& rows = sections[0].rows;
    ASSERT_EQ(rows.size(), 3U); // asked_at is no field: the program's own
    EXPECT_EQ(rows[0].label.kind, Shown::Kind::word);
    EXPECT_EQ(rows[0].value.parts.at(0).second.kind, Shown::Kind::person);
    EXPECT_EQ(rows[1].label.value, "from_on");
    EXPECT_EQ(rows[1].value.kind, Shown::Kind::date);
    EXPECT_EQ(rows[2].value.value, "2030-05-03");
    EXPECT_EQ(plain.column(view_of(), "until_on").kind, Shown::Kind::date);
    EXPECT_TRUE(plain.column(view_of(), "reason").empty());
}

TEST(Presentation, WithoutASummaryTheListShowsThePlaceAndTheFirstDueDate) {
    const auto summary = Shows().summary(view_of());
    EXPECT_EQ(summary.title, "Stone Village");
    EXPECT_EQ(summary.due_on, "2030-05-01");
}

TEST(Presentation, ThatNamesWhatTheWorkflowDoesNotHaveIsAFault) {
    const auto check = [](Presentation shown) { check_presentation(Shows(std::move(shown))); };
    EXPECT_NO_THROW(check({}));
    EXPECT_NO_THROW(check_presentation(*examples::leave_request()));
    EXPECT_THROW(check({.main_line = {"reqeusted"}}), std::logic_error);
    EXPECT_THROW(check({.tones = {{"over", Tone::done}}}), std::logic_error);
    EXPECT_THROW(check({.counts = {{.state = "lost"}}}), std::logic_error);
    EXPECT_THROW(check({.bases = {{.commands = {"approve"}}}}), std::logic_error);
    EXPECT_THROW(check({.questions = {{.key = "answer", .answers = {"grant", "deny"}}}}), std::logic_error);
    EXPECT_THROW(check({.grave = {"delete"}}), std::logic_error);
    EXPECT_THROW(check({.offered = {{.field = "stand_in"}}}), std::logic_error);
    EXPECT_THROW(check({.mends = {{.reason = "own_request", .command = "give_up"}}}), std::logic_error);
}

TEST(Presentation, AMendFitsByTheValueThatTheReasonNames) {
    const Shows leave({.mends = {{.reason = "missing_part", .command = "grant", .fact = "part", .value = "one"},
                                 {.reason = "missing_part", .command = "refuse"}}});
    EXPECT_EQ(mend_of(leave, {"missing_part", {{"part", "one"}}, ""})->command, "grant");
    EXPECT_EQ(mend_of(leave, {"missing_part", {{"part", "two"}}, ""})->command, "refuse");
    EXPECT_EQ(mend_of(leave, {"other", Json::object(), ""}), nullptr);
}

TEST(Presentation, AValueIsTypedByItsField) {
    const auto kind = [](FieldType type, const Json& value) {
        return Shown::of_field(Field::of(type, "x"), value).kind;
    };
    EXPECT_EQ(kind(FieldType::boolean, true), Shown::Kind::yes_no);
    EXPECT_EQ(kind(FieldType::people, Json::array({"ann"})), Shown::Kind::list);
    EXPECT_TRUE(Shown::of_field(Field::of(FieldType::documents, "x"), Json::array()).empty());
    EXPECT_TRUE(Shown::text(nullptr).empty());
    EXPECT_FALSE(Shown::number(0).empty());
}

} // namespace
} // namespace cunmai::engine

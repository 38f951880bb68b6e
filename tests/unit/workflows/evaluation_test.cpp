// The self-check's digest, the colour of one answer, and working days.
#include "tests/unit/workflows/district.hpp"
#include "workflows/evaluation/calendar.hpp"
#include "workflows/evaluation/self_check.hpp"

namespace cunmai::workflows::test {
namespace {

using engine::parse_date;
using engine::to_text;

const Json higher{{"code", "X-01"},
                  {"direction", "higher_is_better"},
                  {"kind", "percent"},
                  {"min", 0},
                  {"max", 100},
                  {"thresholds", {{"yellow", 90}, {"red", 70}}},
                  {"evidence", "when_yellow"}};
const Json lower{{"code", "X-02"},
                 {"direction", "lower_is_better"},
                 {"kind", "number"},
                 {"min", 0},
                 {"max", 20},
                 {"thresholds", {{"yellow", 1}, {"red", 3}}},
                 {"evidence", "when_red"}};

std::string colour(const Json& indicator, const Json& value) {
    return self_check::colour_of(indicator, {{"value", value}});
}

TEST(AnswerColour, IsCrossedAtTheThresholdOrBeyond) {
    EXPECT_EQ(colour(higher, 91), "green");
    EXPECT_EQ(colour(higher, 90), "yellow");
    EXPECT_EQ(colour(higher, 70.5), "yellow");
    EXPECT_EQ(colour(higher, 70), "red");
    EXPECT_EQ(colour(lower, 0), "green");
    EXPECT_EQ(colour(lower, 1), "yellow");
    EXPECT_EQ(colour(lower, 3), "red");
    EXPECT_EQ(colour(lower, 20), "red");
}

TEST(AnswerColour, AMissingValueHasNoneItNeverCountsAsGood) {
    EXPECT_EQ(self_check::colour_of(higher, {}), "");
    EXPECT_EQ(self_check::colour_of(higher, {{"value", nullptr}}), "");
    EXPECT_EQ(self_check::colour_of(higher, {{"value", "95"}}), "");
    EXPECT_EQ(self_check::colour_of(higher, {{"not_applicable", true}, {"reason", "无"}, {"value", 95}}), "");
}

class Digest : public ::testing::Test {
  protected:
    Json of(const Json& x1, const Json& x2 = {{"value", 0}}) {
        return self_check::digest(catalogue_, {{"catalogue_version", 3}, {"answers", {{"X-01", x1}, {"X-02", x2}}}});
    }
    Json catalogue_{{"version", 3}, {"indicators", {higher, lower}}};
};

TEST_F(Digest, CountsWhatIsAnswered) {
    const auto digest = of({{"value", 95}}, {{"not_applicable", true}, {"reason", "本村没有"}});
    EXPECT_EQ(digest.at("expected"), 2);
    EXPECT_EQ(digest.at("answered"), 1);
    EXPECT_EQ(digest.at("not_applicable"), 1);
    for (const auto* list : {"missing", "without_reason", "without_evidence", "out_of_range", "unknown"})
        EXPECT_TRUE(digest.at(list).empty()) << list;
    EXPECT_FALSE(digest.contains("other_version"));
}

TEST_F(Digest, NamesWhatIsMissing) {
    EXPECT_EQ(of({{"note", "稍后填"}}).at("missing"), Json({"X-01"}));
    EXPECT_EQ(of({{"not_applicable", true}, {"reason", "  "}}).at("without_reason"), Json({"X-01"}));
    EXPECT_EQ(of({{"value", 101}}).at("out_of_range"), Json({"X-01"}));
    EXPECT_EQ(of({{"value", -1}}).at("out_of_range"), Json({"X-01"}));
}

TEST_F(Digest, AsksForEvidenceByTheColour) {
    EXPECT_TRUE(of({{"value", 91}}).at("without_evidence").empty());
    EXPECT_EQ(of({{"value", 90}}).at("without_evidence"), Json({"X-01"}));
    EXPECT_EQ(of({{"value", 10}}).at("without_evidence"), Json({"X-01"}));
    EXPECT_TRUE(of({{"value", 10}, {"evidence", {"aa"}}}).at("without_evidence").empty());
    EXPECT_TRUE(of({{"value", 95}}, {{"value", 2}}).at("without_evidence").empty()) << "yellow, asked when red";
    EXPECT_EQ(of({{"value", 95}}, {{"value", 3}}).at("without_evidence"), Json({"X-02"}));
    catalogue_["indicators"][0]["evidence"] = "always";
    EXPECT_EQ(of({{"value", 95}}).at("without_evidence"), Json({"X-01"}));
    catalogue_["indicators"][0]["evidence"] = "never";
    EXPECT_TRUE(of({{"value", 0}}).at("without_evidence").empty());
}

TEST_F(Digest, CountsWarnings) {
    const auto digest = of({{"value", 80}, {"evidence", {"aa"}}}, {{"value", 9}, {"evidence", {"aa"}}});
    EXPECT_EQ(digest.at("warnings"), Json({{"yellow", 1}, {"red", 1}}));
    EXPECT_EQ(digest.at("red_indicators"), Json({"X-02"}));
}

TEST_F(Digest, GradesAndYesNoAreWholeNumbers) {
    catalogue_["indicators"][0]["kind"] = "grade";
    EXPECT_EQ(of({{"value", 95.5}, {"evidence", {"aa"}}}).at("out_of_range"), Json({"X-01"}));
    catalogue_["indicators"][0]["kind"] = "percent";
    EXPECT_TRUE(of({{"value", 95.5}}).at("out_of_range").empty());
}

TEST_F(Digest, NamesAnotherVersionAndUnknownIndicators) {
    const auto digest =
        self_check::digest(catalogue_, {{"catalogue_version", 2}, {"answers", {{"Y-01", {{"value", 1}}}}}});
    EXPECT_EQ(digest.at("other_version"), 2);
    EXPECT_EQ(digest.at("unknown"), Json({"Y-01"}));
    EXPECT_EQ(digest.at("missing"), Json({"X-01", "X-02"}));
}

TEST_F(Digest, WhatIsNoAnswersDocumentIsUnreadable) {
    for (const auto* text : {"", "null", "[]", "{}", "{\"answers\":[]}", "\xff\xfe", "{\"answers\":"})
        EXPECT_TRUE(self_check::digest_text(catalogue_, text).contains("unreadable")) << text;
    EXPECT_EQ(self_check::digest_text(catalogue_, R"({"answers":{"X-01":7,"X-02":{"value":"3"}}})").at("missing"),
              Json({"X-01", "X-02"}));
}

TEST(Catalogue, HasFortyFiveIndicatorsNinePerCategoryAndGoodAnswersPass) {
    const auto& indicators = indicator_catalogue().at("indicators");
    EXPECT_EQ(indicators.size(), 45U);
    const auto digest = self_check::digest(indicator_catalogue(), good_answers());
    EXPECT_EQ(digest.at("answered"), 45);
    EXPECT_EQ(digest.at("warnings"), Json({{"yellow", 0}, {"red", 0}}));
    EXPECT_EQ(digest.at("without_evidence").size(), 4U) << "those that always ask for it";
}

// ---- the calendar -------------------------------------------------------------------------------------------------

const Json holidays{{"2025", {{"holidays", {"2025-05-01", "2025-05-02", "2025-05-05"}}, {"workdays", {"2025-04-27"}}}}};
using Days = calendar::Days;

std::string later(Days days, const char* from, int count) {
    return to_text(calendar::add_days(holidays, days, parse_date(from).value(), count));
}

TEST(Calendar, KnowsHolidaysAndMakeUpWorkdays) {
    EXPECT_TRUE(calendar::is_working_day(holidays, parse_date("2025-04-30").value()));
    EXPECT_FALSE(calendar::is_working_day(holidays, parse_date("2025-05-01").value())) << "a holiday";
    EXPECT_FALSE(calendar::is_working_day(holidays, parse_date("2025-04-26").value())) << "a Saturday";
    EXPECT_TRUE(calendar::is_working_day(holidays, parse_date("2025-04-27").value())) << "a make-up Sunday";
    EXPECT_TRUE(calendar::is_working_day(holidays, parse_date("2031-05-01").value())) << "a year it doesn't have";
}

TEST(Calendar, AddsCalendarOrWorkingDays) {
    EXPECT_EQ(later(Days::calendar, "2025-04-30", 7), "2025-05-07");
    EXPECT_EQ(later(Days::calendar, "2025-04-30", -7), "2025-04-23");
    EXPECT_EQ(later(Days::working, "2025-04-30", 1), "2025-05-06");
    EXPECT_EQ(later(Days::working, "2025-05-06", -1), "2025-04-30");
    EXPECT_EQ(later(Days::working, "2025-04-25", 1), "2025-04-27");
    EXPECT_EQ(later(Days::working, "2025-04-30", 0), "2025-04-30");
}

TEST(Calendar, ADeadlineOnADayOffMovesToTheNextWorkingDay) {
    const auto may_day = parse_date("2025-05-01").value();
    EXPECT_EQ(to_text(calendar::effective(holidays, Days::working, may_day)), "2025-05-06");
    EXPECT_EQ(to_text(calendar::effective(holidays, Days::calendar, may_day)), "2025-05-01");
}

TEST(Calendar, CountsWorkingDaysBetween) {
    const auto between = [](const char* from, const char* to) {
        return calendar::working_days_between(holidays, parse_date(from).value(), parse_date(to).value());
    };
    EXPECT_EQ(between("2025-04-30", "2025-05-06"), 1);
    EXPECT_EQ(between("2025-05-06", "2025-04-30"), -1);
    EXPECT_EQ(between("2025-04-25", "2025-04-30"), 4) << "27, 28, 29, 30";
    EXPECT_EQ(between("2025-04-30", "2025-04-30"), 0);
}

} // namespace
} // namespace cunmai::workflows::test

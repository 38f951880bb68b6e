// What the record takes for one JSON text, for one number, and for a change that applies.
#include "engine/strict_json.hpp"

#include <gmock/gmock.h>

namespace cunmai::engine {

namespace {

using ::testing::HasSubstr;

TEST(StrictJson, TakesWhatTheProgramWrites) {
    for (const auto* text : {R"({})", R"([])", R"({"a":{"b":[1,-2,0.5,1e-7,1.5e+300,true,null,"示例\u0000"]},"b":1})",
                             " {\"a\" : 1}\r\n\t ", "18446744073709551615", "-9223372036854775808", "1.0", "100.50"})
        EXPECT_EQ(fault_in_json(text), "") << text;
    for (const double number : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -123456789.125, 1e22, 1e23})
        EXPECT_EQ(fault_in_json(Json(number).dump()), "") << number;
}

TEST(StrictJson, TakesNothingInWhichProgramsDiffer) {
    const std::string mark = "\xEF\xBB\xBF";
    for (const std::string& text : {std::string(),
                                    std::string("NaN"),
                                    std::string(R"({"a":NaN})"),
                                    std::string(R"({"a":Infinity})"),
                                    mark + "{}",
                                    std::string("{}{}"),
                                    std::string("{} x"),
                                    std::string("{}\v"),
                                    std::string("{}\0", 3),
                                    std::string("[1,]"),
                                    std::string("{'a':1}"),
                                    std::string("[01]"),
                                    std::string("[+1]"),
                                    std::string("[.5]"),
                                    std::string("[1.]"),
                                    std::string("[\"\xFF\"]"),
                                    std::string("[\"\\ud800\"]"),
                                    std::string("[\"\t\"]"),
                                    std::string("// x\n{}"),
                                    std::string(R"({"a":1,"a":2})"),
                                    std::string(R"({"b":[{"a":1,"\u0061":1}]})"),
                                    std::string(R"({"x":0.5,"a":1,"a":2})")})
        EXPECT_NE(fault_in_json(text), "") << text;
    for (const auto* number : {"1e999", "1e-999", "18446744073709551616", "9007199254740993.0", "0.1000000000000000055",
                               "123456789012345678901234567890"})
        EXPECT_NE(fault_in_json(number), "") << number;
}

TEST(StrictJson, NamesThePartOfTheEvent) {
    Event event;
    event.payload = "{}";
    event.context = "{}";
    event.changes = "[]";
    EXPECT_EQ(fault_in_texts(event), "");
    event.payload = "[]";
    EXPECT_THAT(fault_in_texts(event), HasSubstr("payload"));
    event.payload = " {}";
    event.context = R"({"a":1,"a":1})";
    EXPECT_THAT(fault_in_texts(event), HasSubstr("context"));
    event.context = "{}";
    event.changes = "{}";
    EXPECT_THAT(fault_in_texts(event), HasSubstr("changes"));
    event.changes = "[]";
    event.actor.text = "\xC3";
    EXPECT_THAT(fault_in_texts(event), HasSubstr("actor"));
}

TEST(StrictJson, ComparesNumbersByTheirValue) {
    EXPECT_TRUE(is_exactly(1, 1.0));
    EXPECT_TRUE(is_exactly({{"a", {1, 2}}}, {{"a", {1.0, 2u}}}));
    EXPECT_TRUE(is_exactly(-0.0, 0));
    EXPECT_FALSE(is_exactly(9007199254740993, 9007199254740992.0));
    EXPECT_FALSE(is_exactly(1, 1.5));
    EXPECT_FALSE(is_exactly(1, true));
    EXPECT_FALSE(is_exactly({{"a", 1}}, {{"b", 1}}));
    EXPECT_FALSE(is_exactly(Json::array({1}), Json::array({1, 2})));
}

TEST(StrictJson, AppliesTheChangesOfEvents) {
    Json facts = Json::object();
    apply_changes(facts, Json::parse(R"([{"op":"add","path":"/a","value":[1]},{"op":"add","path":"/a/-","value":3},
        {"op":"add","path":"/a/1","value":2},{"op":"add","path":"/x~1~0","value":{}},
        {"op":"replace","path":"/a/0","value":0},{"op":"remove","path":"/a/2"}])"));
    EXPECT_EQ(facts, Json::parse(R"({"a":[0,2],"x/~":{}})"));
}

TEST(StrictJson, DoesNotApplyWhatDoesNotFit) {
    const auto whole = Json::parse(R"({"a":[1],"t":"text","o":{}})");
    for (const auto* change : {R"({"op":"remove","path":"/b"})",
                               R"({"op":"replace","path":"/b","value":1})",
                               R"({"op":"add","path":"/b/c","value":1})",
                               R"({"op":"add","path":"/t/c","value":1})",
                               R"({"op":"add","path":"/a/2","value":1})",
                               R"({"op":"add","path":"/a/01","value":1})",
                               R"({"op":"add","path":"/a/x","value":1})",
                               R"({"op":"remove","path":"/a/-"})",
                               R"({"op":"replace","path":"/a/1","value":1})",
                               R"({"op":"add","path":"a","value":1})",
                               R"({"op":"add","path":"/~2","value":1})",
                               R"({"op":"add","path":"/b"})",
                               R"({"op":"add","value":1})",
                               R"({"op":"test","path":"/t","value":"text"})",
                               R"({"op":"move","path":"/b","from":"/t"})",
                               R"({"op":"copy","path":"/b","from":"/t"})",
                               R"({"op":"remove","path":""})",
                               R"({"op":"replace","path":"","value":[]})",
                               R"([])",
                               R"(1)"}) {
        auto facts = whole;
        EXPECT_THROW(apply_changes(facts, Json::array({Json::parse(change)})), std::runtime_error) << change;
    }
}

} // namespace

} // namespace cunmai::engine

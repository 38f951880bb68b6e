// Reading, writing and comparing JSON gives the same results as the library.
#include "engine/json_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cunmai {
namespace {

class Values { // random values, like facts and unlike any facts
  public:
    explicit Values(unsigned seed) : random_(seed) {}

    Json any(int depth) {
        switch (below(depth > 0 ? 9 : 7)) {
        case 0: return nullptr;
        case 1: return below(2) == 0;
        case 2: return static_cast<std::int64_t>(random_()) - (std::int64_t{1} << 31);
        case 3: return static_cast<std::uint64_t>(random_()) << below(33);
        case 4: return static_cast<double>(below(1000)) / 8;
        case 5: return -below(3);
        case 6: return text();
        case 7: {
            auto list = Json::array();
            for (auto left = below(4); left > 0; --left) list.push_back(any(depth - 1));
            return list;
        }
        default: {
            auto object = Json::object();
            for (auto left = below(6); left > 0; --left) object[text()] = any(depth - 1);
            return object;
        }
        }
    }

    // The same value with something changed, at the top or further inside.
    void change(Json& value) {
        if (value.is_structured() && !value.empty() && below(3) > 0)
            return change(*std::next(value.begin(), below(static_cast<int>(value.size()))));
        if (value.is_array() && below(2) == 0)
            value.push_back(any(1));
        else if (value.is_structured() && !value.empty() && below(2) == 0)
            value.erase(value.begin());
        else if (value.is_object())
            value[text()] = any(1);
        else
            value = any(2);
    }

    std::string text() {
        static const std::vector<std::string> parts{"a",  "state", "~",    "/", "\"", "\\", "\n",
                                                    "\t", "\x01",  "\x7f", "é", "村", "𠮷", " "};
        std::string text;
        for (auto left = below(4); left > 0; --left)
            text += parts[static_cast<std::size_t>(below(static_cast<int>(parts.size())))];
        return text;
    }

    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  private:
    std::mt19937 random_;
};

TEST(JsonTextTest, ValuesAreWrittenAndReadAsTheLibraryDoes) {
    Values values(1);
    for (int i = 0; i < 5000; ++i) {
        const auto value = values.any(4);
        ASSERT_EQ(text_of(value), value.dump());
        for (const auto& text : {value.dump(), value.dump(2), value.dump(-1, ' ', true)}) {
            const auto read = parse_json(text);
            ASSERT_EQ(read, Json::parse(text)) << text;
            ASSERT_EQ(read.type(), Json::parse(text).type()) << text;
        }
    }
}

TEST(JsonTextTest, ChangesAreThoseOfTheLibrary) {
    Values values(2);
    for (int i = 0; i < 5000; ++i) {
        const auto before = values.any(4);
        auto after = before;
        for (auto left = values.below(4); left > 0; --left) values.change(after);
        ASSERT_EQ(changes_between(before, after), Json::diff(before, after).dump()) << before << "\n" << after;
    }
}

TEST(JsonTextTest, NumbersKeepTheirKind) {
    for (const auto* text :
         {"0", "7", "-7", "123456789012345678", "1234567890123456789", "18446744073709551615", "18446744073709551616",
          "-9223372036854775808", "-9223372036854775809", "1.5", "-0.0", "1e3", "[1,2.25,3]"}) {
        const auto ours = parse_json(text), theirs = Json::parse(text);
        EXPECT_EQ(ours, theirs) << text;
        EXPECT_EQ(ours.type(), theirs.type()) << text;
        EXPECT_EQ(text_of(ours), theirs.dump()) << text;
    }
}

TEST(JsonTextTest, WhatTheLibraryRefusesIsRefusedInItsWords) {
    const std::string deep(100'000, '[');
    for (const std::string text : {"",
                                   " ",
                                   "{",
                                   "[1,",
                                   "[1,]",
                                   "{\"a\":}",
                                   "{\"a\" 1}",
                                   "{a:1}",
                                   "tru",
                                   "nulll",
                                   "01",
                                   "-",
                                   "1.",
                                   "+1",
                                   ".5",
                                   "1e",
                                   "\"",
                                   "\"\\x\"",
                                   "\"\\u12\"",
                                   "\"a\nb\"",
                                   "[1] 2",
                                   "\xC0\xAF",
                                   "\"\xC0\xAF\"",
                                   "\"\xED\xA0\x80\"",
                                   "\"\xF5\x80\x80\x80\"",
                                   "\"\xE6\x9D\"",
                                   "\"\x80\"",
                                   "1e999",
                                   deep.c_str()}) {
        std::string ours, theirs;
        try {
            ADD_FAILURE() << parse_json(text);
        } catch (const Json::exception& error) { ours = error.what(); }
        try {
            ADD_FAILURE() << Json::parse(text);
        } catch (const Json::exception& error) { theirs = error.what(); }
        EXPECT_EQ(ours, theirs) << text.substr(0, 40);
    }
    for (const std::string bad : {"\x80", "\xE6\x9D", "ok\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
        EXPECT_THROW(text_of(bad), Json::type_error);
        EXPECT_THROW(text_of({{bad, 1}}), Json::type_error);
        EXPECT_THROW(changes_between({{"a", 1}}, {{"a", bad}}), Json::type_error);
    }
}

TEST(JsonTextTest, OddTextsAreReadLikeOrdinaryOnes) {
    for (const auto* text : {" { \"a\" : [ 1 , \"\\u6751\\ud842\\udfb7\\/\" ] }\n", "{\"a\":1,\"a\":{\"b\":2}}",
                             "{\"b\":1,\"a\":2}", "\xEF\xBB\xBF[1]", "\"\\\"\\\\\\n\\t\\r\\b\\f\"", "[[],{},\"\"]"})
        EXPECT_EQ(parse_json(text), Json::parse(text)) << text;
    Json deep = 1;
    for (int i = 0; i < 200; ++i) deep = Json::array({deep});
    EXPECT_EQ(parse_json(deep.dump()), deep);
    EXPECT_EQ(text_of(deep), deep.dump());
    EXPECT_EQ(changes_between(deep, Json::array()), Json::diff(deep, Json::array()).dump());
}

} // namespace
} // namespace cunmai

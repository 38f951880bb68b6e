// Catalogues and templates: whole in both languages, and every template loads.
#include "adapters/http/edge/core_routes.hpp"
#include "adapters/telemetry/log.hpp"
#include "adapters/words/texts.hpp"
#include "cmake/embedded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace cunmai::test {

namespace {

using ::testing::IsEmpty;

std::vector<std::string> placeholders(const std::string& message) {
    std::set<std::string> names;
    for (auto at = message.find('{'); at != std::string::npos; at = message.find('{', at + 1)) {
        const auto begin = message.find_first_not_of('{', at);
        const auto end = message.find('}', begin);
        if (end != std::string::npos) names.insert(message.substr(begin, end - begin));
        at = end == std::string::npos ? message.size() - 1 : end;
    }
    return {names.begin(), names.end()};
}

TEST(Catalogues, BothLanguagesHaveTheSameKeysAndPlaceholders) {
    std::vector<std::string> odd;
    for (const auto& key : texts::keys("zh-CN"))
        if (!texts::has("en", key))
            odd.push_back("only zh-CN: " + key);
        else if (placeholders(texts::text("zh-CN", key)) != placeholders(texts::text("en", key)))
            odd.push_back("placeholders: " + key);
    for (const auto& key : texts::keys("en"))
        if (!texts::has("zh-CN", key)) odd.push_back("only en: " + key);
    EXPECT_THAT(odd, IsEmpty());
}

TEST(Catalogues, PlaceholdersAreFilledFromFacts) {
    EXPECT_EQ(texts::text("en", "error.method_not_allowed.detail", {{"allowed", "GET"}}), "This address allows: GET.");
    EXPECT_EQ(texts::text("en", "error.method_not_allowed.detail"), "This address allows: {allowed}.");
    EXPECT_EQ(texts::text("en", "error.json_too_deep.detail", {{"depth", 32}}),
              "JSON may be nested at most 32 levels deep.");
}

TEST(Catalogues, AMissingKeyShowsItselfAndIsAnErrorWhenStrict) {
    log::send_to([](const std::string&) {});
    EXPECT_EQ(texts::text("en", "test.no_such_key"), "test.no_such_key");
    log::send_to({});
    texts::strict(true);
    EXPECT_THROW(texts::text("en", "test.no_such_key"), std::logic_error);
    texts::strict(false);
}

// The access log names every route in words; in English those of the API's own description.
TEST(Catalogues, EveryLoggedRouteHasItsWordsAndNoOther) {
    std::set<std::string> routes;
    for (const auto& route : http::all_routes()) {
        const auto key = "route." + route.method + " " + route.pattern;
        const bool unlogged = route.pattern.rfind("/assets/", 0) == 0 || route.pattern == "/healthz" ||
                              route.pattern == "/readyz" || route.pattern == "/metrics";
        if (unlogged) continue;
        routes.insert(key);
        for (const auto& language : texts::languages()) EXPECT_TRUE(texts::has(language, key)) << language << key;
        if (!route.doc.summary.empty()) { EXPECT_EQ(texts::text("en", key), route.doc.summary); }
    }
    for (const auto& key : texts::keys("en"))
        if (key.rfind("route.", 0) == 0) { EXPECT_EQ(routes.count(key), 1U) << key; }
}

TEST(Templates, EveryPageLoadsInEveryLanguageAndLacksNoMessage) {
    log::send_to([](const std::string&) {});
    for (const auto& [path, content] : embedded::templates()) {
        const bool page = path.substr(0, 6) == "pages/" && path.substr(0, 14) != "pages/_layout/";
        if (!page) continue;
        const std::string name(path.substr(6, path.size() - 6 - std::string_view(".html").size()));
        for (const auto& language : texts::languages())
            EXPECT_NO_THROW(texts::page(language, name, Json::object())) << path;
    }
    log::send_to({});
    auto missing = texts::missing_keys();
    std::erase_if(missing, [](const std::string& key) { return key.find(" test.") != std::string::npos; });
    EXPECT_THAT(missing, IsEmpty());
}

TEST(Templates, ValuesAreEscapedAndUnknownNamesAreNoticed) {
    const Json model{{"title", "<script>\"'&"},
                     {"detail", "{{status}}"},
                     {"status", "404"},
                     {"request_id", "R"},
                     {"has_reasons", false}};
    const auto page = texts::page("en", "error", model);
    EXPECT_EQ(page.find("<script>\""), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;&quot;&apos;&amp;"), std::string::npos);
    EXPECT_NE(page.find("{{status}}"), std::string::npos); // a value is never a template
    texts::strict(true);
    EXPECT_THROW(texts::page("en", "error", model), std::logic_error); // head reads more than this
    texts::strict(false);
}

TEST(Templates, AssetsAreNamedByTheirHash) {
    const auto page = texts::page("en", "error", Json::object());
    EXPECT_NE(page.find("/assets/cunmai.css?v="), std::string::npos);
}

} // namespace

} // namespace cunmai::test

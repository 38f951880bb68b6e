// What is shipped: defaults that never overwrite, and a demo district that holds together.
#include "adapters/demo/seed.hpp"
#include "tests/support/demo_app.hpp"

#include <gmock/gmock.h>

#include <set>

namespace cunmai::test {

namespace {

TEST(Seed, TheDemoDistrictHasItsPlacesAndPeople) {
    DemoApp app;
    EXPECT_EQ(app->places.all().size(), 1u + 19u + 221u + 49u);
    EXPECT_EQ(app->places.find("990100001201")->path, "/990100/990100001/990100001201/");
    const auto viewer = app->viewer(DemoApp::person("s-990100001"));
    EXPECT_TRUE(viewer.sees("/990100/990100001/990100001201/"));
    EXPECT_FALSE(viewer.sees("/990100/990100002/990100002201/"));
}

TEST(Seed, OneDemoSignInForEveryRoleInBothLanguages) {
    DemoApp app;
    for (const auto* language : {"zh-CN", "en"}) {
        std::set<std::string> roles;
        for (const auto& one : seed::demo_sign_ins(language)) {
            roles.insert(one.role);
            EXPECT_TRUE(app->people.by_login(one.login)) << one.login;
            EXPECT_FALSE(one.note.empty());
        }
        for (const auto& role : app->roles.all()) EXPECT_TRUE(roles.contains(role.key)) << role.key;
    }
}

TEST(Seed, DefaultsAreInstalledOnceAndNeverOverWhatADistrictHasSet) {
    DemoApp app;
    EXPECT_EQ(app->rules.get("extensions_max"), 2);
    EXPECT_EQ(app->rules.get("catalogue").at("indicators").size(), 45u);
    EXPECT_TRUE(app->rules.get("calendar").is_object());
    app->rules.set("extensions_max", 3, DemoApp::person("sysadmin"), app->clock.now());
    seed::install_defaults(*app);
    EXPECT_EQ(app->rules.get("extensions_max"), 3);
}

} // namespace

} // namespace cunmai::test

// The arrows between rooms (docs/architecture.md): a room can include the headers that it may include, and no others.
// The compiler tries each include with exactly the include folders of the room's target.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace cunmai::test {

namespace {

namespace fs = std::filesystem;

struct Room {
    std::string folder;
    std::vector<std::string> include_folders;
};

// Written by CMake: name, folder, include folders with colons between them.
const std::map<std::string, Room>& rooms() {
    static const auto all = [] {
        std::map<std::string, Room> found;
        std::ifstream list(CUNMAI_ROOMS);
        for (std::string line; std::getline(list, line);) {
            std::istringstream parts(line);
            std::string name, folders, one;
            Room room;
            std::getline(parts, name, '|');
            std::getline(parts, room.folder, '|');
            std::getline(parts, folders);
            std::istringstream each(folders);
            while (std::getline(each, one, ':'))
                if (!one.empty()) room.include_folders.push_back(one);
            found.emplace(name, room);
        }
        return found;
    }();
    return all;
}

std::string a_header_of(const std::string& room) {
    std::set<std::string> headers;
    const auto& folder = rooms().at(room).folder;
    for (const auto& file : fs::recursive_directory_iterator(fs::path(CUNMAI_SOURCE) / folder))
        if (file.path().extension() == ".hpp")
            headers.insert(fs::relative(file.path(), CUNMAI_SOURCE).generic_string());
    if (headers.empty()) throw std::runtime_error("no header in room " + room);
    return *headers.begin();
}

// Whether the preprocessor finds the header from within the room.
bool can_include(const std::string& room, const std::string& header) {
    const auto source = fs::path(testing::TempDir()) / ("include_" + room + ".cpp");
    std::ofstream(source) << "#if !__has_include(\"" << header << "\")\n#error not to be had\n#endif\n";
    std::string command = std::string(CUNMAI_COMPILER) + " -E -o /dev/null";
    for (const auto& folder : rooms().at(room).include_folders) command += " -I'" + folder + "'";
    return std::system((command + " '" + source.string() + "' 2>/dev/null").c_str()) == 0;
}

// The rooms that each room may include, besides itself. `a → b → c` does not always make `a → c`: what only a room's
// sources use is not handed on to the rooms that use it.
const std::map<std::string, std::set<std::string>>& arrows() {
    static const std::set<std::string> stores{"db_kernel", "db_people", "db_cases", "db_service", "db_operations"};
    static const auto with = [](std::set<std::string> some, const std::set<std::string>& more) {
        some.insert(more.begin(), more.end());
        return some;
    };
    static const auto below_services = with({"engine", "workflows", "telemetry", "metrics", "config"}, stores);
    static const auto above_services = with(below_services, {"services"});
    static const auto above_edge = with(above_services, {"edge", "wire"});
    static const std::map<std::string, std::set<std::string>> all{
        {"engine", {}},
        {"workflows", {"engine"}},
        {"db_kernel", {"engine"}},
        {"db_people", {"engine", "db_kernel"}},
        {"db_cases", {"engine", "db_kernel", "db_people"}},
        {"db_service", {"engine", "db_kernel", "db_people", "db_cases"}},
        {"db_operations", {"engine", "db_kernel"}},
        {"telemetry", {"engine"}},
        {"metrics", with({"engine", "telemetry"}, stores)},
        {"words", {"engine", "telemetry"}},
        {"config", {"engine", "words", "db_kernel"}},
        {"files", {"engine", "words"}},
        {"diagram", {"engine", "words", "files"}},
        {"mail", {"engine", "config", "words"}},
        {"services", with(below_services, {"files", "mail"})},
        {"notify", with(above_services, {"mail", "words"})},
        {"app", with(above_services, {"notify", "mail"})},
        {"wire", {"engine", "config"}},
        {"edge", with(above_services, {"wire", "words"})},
        {"api", with(above_edge, {"words"})},
        {"pages", with(above_edge, {"words", "files", "diagram"})},
        {"site", with(above_edge, {"api", "pages", "words"})},
        {"demo", with(above_services, {"words"})},
        {"cli", with(above_edge, {"site", "api", "words", "app", "demo", "diagram"})},
        {"examples", {"engine"}},
    };
    return all;
}

std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const auto& [name, room] : rooms()) list.push_back(name);
    return list;
}

} // namespace

TEST(Rooms, EachHasItsArrows) {
    std::set<std::string> drawn;
    for (const auto& [name, to] : arrows()) drawn.insert(name);
    const auto there = names();
    EXPECT_EQ(drawn, (std::set<std::string>(there.begin(), there.end())));
}

class EveryRoom : public testing::TestWithParam<std::string> {};

TEST_P(EveryRoom, IncludesWhatItsArrowsAllowAndNothingElse) {
    const auto& from = GetParam();
    for (const auto& to : names()) {
        const bool allowed = to == from || arrows().at(from).contains(to);
        EXPECT_EQ(can_include(from, a_header_of(to)), allowed) << from << " → " << to;
    }
}

INSTANTIATE_TEST_SUITE_P(OfTheHouse, EveryRoom, testing::ValuesIn(names()),
                         [](const auto& room) { return room.param; });

} // namespace cunmai::test

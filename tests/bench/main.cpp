// `cunmai_bench`: runs the rows that are asked for and prints their ratios. Exit code 0 when it could measure, whether
// an aim was reached or not; 1 when a row could not be run; 2 for wrong words.
#include "engine/json.hpp"
#include "tests/bench/rows.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>

namespace cunmai::bench {

const std::vector<Row>& rows() {
    static const std::vector<Row> all{
        {"durable_sqlite", "Durable transitions, SQLite", durable_sqlite},
        {"durable_mariadb", "Durable transitions, MariaDB", durable_mariadb},
        {"galera", "Durable transitions, Galera", galera},
        {"http", "Commands over HTTP", http_commands},
        {"deciding", "Deciding alone", deciding},
        {"lists", "Lists and pages as the district grows", lists},
        {"verify", "Verifying the record", verify_replay},
        {"register", "Importing the register", register_import},
        {"timers", "Timers due at once", timers_due},
        {"startup", "Start-up and memory", startup},
    };
    return all;
}

namespace {

struct Flags {
    Options options;
    std::string json_file;
    bool markdown = false;
    std::vector<std::string> names;
};

class Folder { // of one row; deleted afterwards
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cunmai-bench-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder to work in");
        path = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

std::string number(double value) {
    char text[32];
    const auto* form = value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.4f";
    std::snprintf(text, sizeof text, form, value);
    return text;
}

std::string aim(const Result& result) {
    if (result.aim == Aim::printed) return "–";
    return (result.aim == Aim::at_least ? "≥ " : "≤ ") + number(result.limit);
}

std::string verdict(const Result& result) {
    if (result.aim == Aim::printed) return "";
    return result.reached() ? "reached" : "NOT reached";
}

struct Measured {
    const Row* row;
    std::vector<Result> results;
    std::string failure;
    double seconds = 0;
};

std::string markdown(const std::vector<Measured>& all, const Options& options) {
    std::string text =
        options.quick ? "*A quick run (`--quick`): sizes are small, the numbers are only a sketch.*\n\n" : "";
    text += "| row | ours | ceiling of the same run | ratio | aim | |\n| --- | --- | --- | --- | --- | --- |\n";
    for (const auto& one : all) {
        if (!one.failure.empty())
            text += "| " + one.row->title + " | could not be measured: " + one.failure + " | | | | |\n";
        for (const auto& result : one.results)
            text += "| " + one.row->title + ": " + result.what + " | " + number(result.ours) + ' ' + result.unit +
                    " | " + number(result.ceiling) + " (" + result.against + ") | " + number(result.ratio()) + " | " +
                    aim(result) + " | " + verdict(result) + (result.note.empty() ? "" : "; " + result.note) + " |\n";
    }
    return text;
}

Json as_json(const std::vector<Measured>& all, const Options& options) {
    Json list = Json::array();
    for (const auto& one : all) {
        Json row{{"name", one.row->name}, {"title", one.row->title}, {"seconds", one.seconds}};
        if (!one.failure.empty()) row["failure"] = one.failure;
        row["results"] = Json::array();
        for (const auto& result : one.results) {
            Json entry{{"what", result.what},     {"against", result.against}, {"unit", result.unit},
                       {"ours", result.ours},     {"ceiling", result.ceiling}, {"ratio", result.ratio()},
                       {"ratios", result.ratios}, {"note", result.note}};
            if (result.aim != Aim::printed) {
                entry["aim"] = {{result.aim == Aim::at_least ? "at_least" : "at_most", result.limit}};
                entry["reached"] = result.reached();
            }
            row["results"].push_back(std::move(entry));
        }
        list.push_back(std::move(row));
    }
    return {{"quick", options.quick}, {"rows", std::move(list)}};
}

void print(const Measured& one) {
    std::cout << one.row->title << " (" << one.row->name << ", " << number(one.seconds) << " s)\n";
    if (!one.failure.empty()) std::cout << "   could not be measured: " << one.failure << "\n";
    for (const auto& result : one.results) {
        std::cout << "   " << result.what << ": " << number(result.ours) << ' ' << result.unit << "\n      against "
                  << result.against << ": " << number(result.ceiling) << "\n      ratio " << number(result.ratio())
                  << "   aim " << aim(result) << "   " << verdict(result) << "\n";
        if (!result.note.empty()) std::cout << "      " << result.note << "\n";
    }
    std::cout << std::flush;
}

// The text between the two marks.
void put_into_document(const std::string& table) {
    const std::string file = "docs/performance.md", begin = "<!-- measured: begin -->\n",
                      end = "<!-- measured: end -->";
    std::ifstream in(file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto from = text.find(begin), to = text.find(end);
    if (from == std::string::npos || to == std::string::npos) throw std::runtime_error(file + " has lost its marks");
    text.replace(from + begin.size(), to - from - begin.size(), table);
    std::ofstream(file) << text;
}

int run(const Flags& flags) {
    std::vector<Measured> all;
    for (const auto& row : rows()) {
        const auto& names = flags.names;
        if (!names.empty() && std::find(names.begin(), names.end(), row.name) == names.end()) continue;
        say(row.name + " …");
        Measured one{&row, {}, "", 0};
        const Stopwatch watch;
        try {
            const Folder folder;
            auto options = flags.options;
            options.folder = folder.path;
            one.results = row.run(options);
        } catch (const std::exception& error) { one.failure = error.what(); }
        one.seconds = watch.seconds();
        print(one);
        all.push_back(std::move(one));
    }
    if (flags.options.quick) std::cout << "A quick run: sizes are small, the numbers are only a sketch.\n";
    if (!flags.json_file.empty()) std::ofstream(flags.json_file) << as_json(all, flags.options).dump(2) << "\n";
    if (flags.markdown) put_into_document(markdown(all, flags.options));
    return std::any_of(all.begin(), all.end(), [](const auto& one) { return !one.failure.empty(); }) ? 1 : 0;
}

} // namespace

} // namespace cunmai::bench

int main(int argc, char** argv) {
    using namespace cunmai::bench;
    Flags flags;
    flags.options.fetched = std::filesystem::absolute("build/fetched");
    CLI::App app("Measures what is promised, each against its ceiling in the same run");
    std::map<std::string, std::string> known;
    for (const auto& row : rows()) known.emplace(row.name, row.title);
    app.add_flag("--quick", flags.options.quick, "Small sizes, for trying: less than three minutes in all");
    app.add_option("--json", flags.json_file, "Write the results for programs to this file");
    app.add_flag("--markdown", flags.markdown, "Put the table into docs/performance.md");
    app.add_option("name", flags.names, "Only these rows")->check(CLI::IsMember(known));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : 2; }
    return run(flags);
}

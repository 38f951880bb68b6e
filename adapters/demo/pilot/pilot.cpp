#include "adapters/demo/pilot/pilot.hpp"

#include "adapters/demo/pilot/acts.hpp"
#include "adapters/demo/pilot/report.hpp"
#include "adapters/telemetry/exit_codes.hpp"

#include <fstream>
#include <iostream>

namespace cunmai::pilot {

namespace {

void play(Stage& stage) {
    open_round(stage);
    self_checks(stage);
    screening(stage);
    first_reviews(stage);
    entry_votes(stage);
    count_key_villages(stage);
    start_management(stage);
    treat(stage);
    exits(stage);
    follow_up(stage);
    count_everything(stage);
}

void write_file(const Stage& stage) {
    if (stage.options.report_file.empty()) return;
    std::ofstream file(stage.options.report_file);
    file << as_json(stage).dump(2) << "\n";
    file.close();
    if (!file) throw std::runtime_error(stage.options.report_file + " can't be written");
}

} // namespace

int run(const Options& options) {
    try {
        Stage stage(options);
        try {
            play(stage);
        } catch (
            const Unexpected& unexpected) { // the story can't go on; what was checked so far is still worth reading
            print(stage, std::cout);
            write_file(stage);
            std::cerr << unexpected.what() << std::endl;
            return cli::exit_failed;
        }
        print(stage, std::cout);
        write_file(stage);
        return stage.checks.all_well() ? cli::exit_ok : cli::exit_failed;
    } catch (const Unreachable& unreachable) {
        std::cerr << unreachable.what() << std::endl;
    } catch (const Unexpected& not_a_demo_district) { std::cerr << not_a_demo_district.what() << std::endl; }
    return cli::exit_unreachable;
}

} // namespace cunmai::pilot

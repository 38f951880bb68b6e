// The cost of replication: durable transitions through the writer node of a Galera cluster of three, against the same
// on a single MariaDB with the same settings. All four servers share the machine.
#include "tests/support/galera.hpp"
#include "tests/bench/bare_mariadb.hpp"
#include "tests/bench/officers.hpp"
#include "tests/bench/rows.hpp"
#include "tests/support/mariadb.hpp"

namespace cunmai::bench {

std::vector<Result> galera(const Options& options) {
    constexpr int submitters = 64;
    const int pairs = options.pick(9, 3), each = options.pick(40, 8);
    say("starting three nodes");
    test::GaleraCluster cluster;
    cluster.run(0, "CREATE DATABASE bench");
    test::MariaDbServer single;
    MariaDbSession(single.url("")).run("CREATE DATABASE bench");
    const auto folder = [&](const char* name) {
        std::filesystem::create_directories(options.folder / name);
        return (options.folder / name).string();
    };
    Officers through_cluster(folder("cluster"), cluster.url("bench"), submitters);
    Officers through_single(folder("single"), single.url("bench"), submitters);
    through_cluster.give(2);
    through_single.give(2);
    Pairs results;
    for (int pair = 0; pair < pairs; ++pair) {
        const auto one = through_cluster.give(each), other = through_single.give(each);
        results.add(one, other);
        say("cluster " + std::to_string(static_cast<int>(one)) + "/s, one MariaDB " +
            std::to_string(static_cast<int>(other)) + "/s");
    }
    return {results.result("64 submitters through the writer node of three", "the same on one MariaDB", "transitions/s",
                           Aim::at_least, 0.5)};
}

} // namespace cunmai::bench

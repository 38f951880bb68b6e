// A real Galera cluster for tests: three MariaDB nodes on loopback in a folder of their own, with Galera's own
// time-outs. Throws std::runtime_error when it can't be started: a test without its cluster fails, it is not skipped.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace cunmai::test {

class GaleraCluster {
  public:
    static constexpr int nodes = 3;

    static GaleraCluster& shared(); // one for the test program, started when first asked for
    GaleraCluster();                // installed, started, all nodes Synced
    ~GaleraCluster();
    GaleraCluster(const GaleraCluster&) = delete;
    GaleraCluster& operator=(const GaleraCluster&) = delete;

    // mysql://… of a database, with the nodes in this order; the first is the one that will be written to.
    std::string url(const std::string& database, const std::vector<int>& order = {0, 1, 2}) const;
    void run(int node, const std::string& statement) const;        // as root
    std::string ask(int node, const std::string& statement) const; // one value; "" when the node doesn't answer
    void kill(int node);                                           // -9
    void freeze(int node);                                         // SIGSTOP
    void thaw(int node);
    void start(int node); // joins the others
    // What docs/cluster.md tells an operator after all nodes died: find each node's position, and start the cluster
    // from the most advanced node. REQUIRES: no node runs.
    std::int64_t recovered_position(int node) const;
    void bootstrap(int node); // returns when the node is Synced
    void wait_until_synced(int node) const;
    void wait_until_whole() const; // waits until all three form one cluster again
    std::string log_end(int node) const;

  private:
    struct Node {
        int port = 0, group = 0, ist = 0, sst = 0;
        pid_t pid = -1;
    };
    void install();
    void launch(int node, const std::string& cluster_address);
    std::vector<std::string> command(int node, const std::string& cluster_address) const;
    std::string file(int node, const std::string& name) const;

    std::string folder_;
    std::array<Node, nodes> nodes_;
};

} // namespace cunmai::test

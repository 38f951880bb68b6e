// `./dev cluster` as a person runs it: three nodes, two servers, and HAProxy with docs/deploy/haproxy.cfg in front. A
// token is valid at both servers, each server's pages hear of changes at the other, people can go on when a server and
// the writing node die, and Ctrl-C leaves nothing behind.
#include "tests/integration/cluster/tally.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/processes.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>

#include <sys/wait.h>

namespace cunmai::test {

namespace {

using namespace std::chrono_literals;

constexpr int nodes = 3, servers = 2;

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool runs(pid_t pid) { return ::kill(pid, 0) == 0; }

class Script {
  public:
    explicit Script(const std::string& folder = "") // a folder that is kept
        : output_("/var/tmp/cunmai-script-test-" + std::to_string(::getpid())), port_(free_port_pair()) {
        std::vector<std::string> words{"--port", std::to_string(port_)};
        if (!folder.empty()) words.insert(words.end(), {"--folder", folder});
        // In a process group of its own, which is what Ctrl-C reaches.
        pid_ = start({installed_program("setsid")}, words, output_);
        bool ended = false;
        const bool says_so = eventually(
            [&] {
                ended = has_ended(pid_);
                return ended || text_of(output_).find("Ctrl-C stops everything") != std::string::npos;
            },
            240s);
        if (!says_so || ended) throw std::runtime_error("the cluster does not come up: " + text_of(output_));
        const auto text = text_of(output_);
        for (int node = 1; node <= nodes; ++node)
            processes_.push_back(number(text, "node " + std::to_string(node) + R"( .*pid (\d+))"));
        for (int server = 1; server <= servers; ++server) {
            const auto line = "server " + std::to_string(server) + " .*";
            processes_.push_back(number(text, line + R"(pid (\d+))"));
            server_ports_.push_back(number(text, line + R"(127\.0\.0\.1:(\d+))"));
        }
        processes_.push_back(number(text, R"(HAProxy .*pid (\d+))"));
        std::smatch found;
        std::regex_search(text, found, std::regex(R"(log (/\S+)/node1\.log)"));
        folder_ = found[1];
    }
    ~Script() {
        if (pid_ > 0) {
            ::kill(pid_, SIGTERM);
            wait_for(pid_);
        }
        std::filesystem::remove(output_);
    }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    int port() const { return port_; } // of HAProxy
    int server_port(int server) const { return server_ports_.at(static_cast<std::size_t>(server - 1)); }
    void kill_node(int node) { kill(node - 1); }
    void kill_server(int server) { kill(nodes + server - 1); }
    // Starts what was killed again and returns the script's output.
    std::string again(const std::string& what) const {
        const auto output = output_ + "-again";
        wait_for(start({}, {"--folder", folder_, "--again", what}, output));
        const auto text = text_of(output);
        std::filesystem::remove(output);
        return text;
    }
    int ctrl_c() { // returns the status as waitpid gives it
        ::kill(-pid_, SIGINT);
        return wait_for(std::exchange(pid_, -1));
    }
    const std::vector<int>& processes() const { return processes_; }
    const std::string& folder() const { return folder_; }
    std::string output() const { return text_of(output_); }

  private:
    static pid_t start(std::vector<std::string> program, const std::vector<std::string>& words,
                       const std::string& output) {
        program.insert(program.end(), {installed_program("env"), std::string("CUNMAI_BINARY=") + CUNMAI_BINARY,
                                       std::string(SOURCE_FOLDER) + "/tests/support/cluster.sh"});
        program.insert(program.end(), words.begin(), words.end());
        return spawn(program, output, RunAs::ourselves);
    }
    static int number(const std::string& text, const std::string& pattern) {
        std::smatch found;
        if (!std::regex_search(text, found, std::regex(pattern))) throw std::runtime_error("not said: " + pattern);
        return std::stoi(found[1]);
    }
    void kill(int process) { ::kill(processes_.at(static_cast<std::size_t>(process)), SIGKILL); }

    std::string output_, folder_;
    int port_;
    pid_t pid_ = -1;
    std::vector<int> processes_, server_ports_; // nodes, servers, HAProxy
};

// A signed-in client that repeats requests without an answer: a proxy repeats only what no server has begun.
class Officer {
  public:
    Officer(int port, const std::string& login) : port_(port) {
        Call call{"POST", "/api/v1/session", Json{{"login", login}, {"password", "cunmai-demo"}}.dump(), {}};
        call.headers["Content-Type"] = "application/json";
        token_ = ask(call).json().at("token");
    }
    const std::string& token() const { return token_; }
    Answer get(const std::string& path) { return ask({"GET", "/api/v1" + path, "", {}}); }
    Answer open(const std::string& place) {
        return post("/cases",
                    {{"definition", "village_lifecycle"},
                     {"place", place},
                     {"command", "open_targeted"},
                     {"payload", {{"reason", "示例：定向核查"}}}},
                    {});
    }
    Answer give(const std::string& id, int version, const std::string& command, const Json& payload) {
        return post("/cases/" + id + "/commands/" + command, payload,
                    {{"If-Match", '"' + std::to_string(version) + '"'}});
    }
    void move_to(int port) { port_ = port; }

  private:
    Answer post(const std::string& path, const Json& body, std::map<std::string, std::string> headers) {
        headers["Content-Type"] = "application/json";
        headers["Idempotency-Key"] = "script-" + std::to_string(++keys_);
        return ask({"POST", "/api/v1" + path, body.dump(), std::move(headers)});
    }
    Answer ask(Call call) {
        if (!token_.empty()) call.headers["Authorization"] = "Bearer " + token_;
        std::optional<Answer> answer;
        eventually(
            [&] {
                try {
                    answer = HttpClient(port_, 20s).send(call);
                } catch (const Poco::Exception&) { answer.reset(); }
                return answer && answer->status < 500;
            },
            60s);
        if (!answer) throw std::runtime_error(call.path + ": no answer for a minute");
        return *answer;
    }

    int port_;
    std::string token_;
    int keys_ = 0;
};

// The events that a page about a case gets.
class Page {
  public:
    Page(int port, const std::string& token, const std::string& case_id)
        : session_("127.0.0.1", static_cast<Poco::UInt16>(port)) {
        session_.setTimeout(Poco::Timespan(30, 0));
        Poco::Net::HTTPRequest request("GET", "/api/v1/events?case=" + case_id, "HTTP/1.1");
        request.set("Authorization", "Bearer " + token);
        session_.sendRequest(request);
        Poco::Net::HTTPResponse response;
        in_ = &session_.receiveResponse(response);
    }
    int next_version() { // throws after 30 s of nothing
        for (std::string line; std::getline(*in_, line);)
            if (line == "event: case" && std::getline(*in_, line)) return Json::parse(line.substr(6)).at("version");
        throw std::runtime_error("the stream has ended");
    }

  private:
    Poco::Net::HTTPClientSession session_;
    std::istream* in_ = nullptr;
};

TEST(ClusterScriptTest, PeopleGoOnBehindHAProxyAndCtrlCLeavesNothing) {
    Script script;
    Officer panel(script.port(), "panel1");
    for (const int server : {1, 2}) {
        panel.move_to(script.server_port(server));
        EXPECT_EQ(panel.get("/me").status, 200) << "server " << server;
    }
    panel.move_to(script.port());
    const auto opened = panel.open("990100001201");
    ASSERT_EQ(opened.status, 201) << opened.body;
    const auto id = opened.json().at("case_id").get<std::string>();

    // A change at one server reaches a page of the other.
    Page page(script.server_port(2), panel.token(), id);
    EXPECT_EQ(page.next_version(), 1);
    Officer supervisor(script.server_port(1), "s-990100001");
    const auto nominated = supervisor.give(id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}});
    ASSERT_EQ(nominated.status, 200) << nominated.body;
    EXPECT_EQ(page.next_version(), 2);

    script.kill_server(1);
    EXPECT_EQ(panel.get("/cases/" + id).json().at("version"), 2);
    script.kill_node(1); // the writer
    const auto returned = panel.give(id, 2, "return_to_town", {{"reason", "示例"}});
    EXPECT_EQ(returned.status, 200) << returned.body;
    EXPECT_EQ(panel.get("/cases/" + id).json().at("version"), 3);

    const int status = script.ctrl_c();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    for (const int process : script.processes()) EXPECT_FALSE(runs(process)) << script.output();
    EXPECT_FALSE(std::filesystem::exists(script.folder())) << script.folder();
}

// The killed node is behind the others, so the cluster must not start from its data.
TEST(ClusterScriptTest, WhatWasKilledStartsAgainAndTheNextClusterBeginsWithTheNodeThatKnowsMost) {
    const auto folder = "/var/tmp/cunmai-script-folder-" + std::to_string(::getpid());
    std::string id;
    {
        Script script(folder);
        Officer panel(script.server_port(1), "panel1");
        EXPECT_THAT(script.again("server1"), testing::HasSubstr("server1 lives"));
        script.kill_server(1);
        EXPECT_THAT(script.again("server1"), testing::HasSubstr("server1 is starting"));
        EXPECT_EQ(panel.get("/me").status, 200);
        script.kill_node(1);
        const auto opened = panel.open("990100001201");
        ASSERT_EQ(opened.status, 201) << opened.body;
        id = opened.json().at("case_id").get<std::string>();
        script.ctrl_c();
        EXPECT_THROW(HttpClient(script.server_port(1), 1s).send({"GET", "/healthz", "", {}}), Poco::Exception)
            << "what was started again ends, too";
    }
    {
        Script script(folder);
        EXPECT_THAT(script.output(), testing::Not(testing::HasSubstr("starting node 1 (bootstraps")));
        EXPECT_EQ(Officer(script.port(), "panel1").get("/cases/" + id).status, 200);
        script.ctrl_c();
    }
    std::filesystem::remove_all(folder);
}

} // namespace

} // namespace cunmai::test

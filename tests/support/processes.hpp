// Processes that tests start. Database servers run as user mysql when the tests run as root; all end with the test
// program.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace cunmai::test {

std::string installed_program(const std::string& name);  // throws when it is not there
std::string folder_of_mysql(const std::string& pattern); // made, and owned by the user who will run the server
// Starts a child that ends with the thread that made it. Its output goes to the file `output`.
enum class RunAs { mysql, ourselves }; // mysql: if the tests run as root
pid_t spawn(const std::vector<std::string>& arguments, const std::string& output, RunAs user = RunAs::mysql);
int wait_for(pid_t pid);                // returns the status as waitpid gives it
bool has_ended(pid_t pid);              // without waiting
std::vector<int> free_ports(int count); // on loopback; different ones
int free_port_pair();                   // this port and the next one are free

} // namespace cunmai::test

// Servers that tests start: found, run as user mysql where the tests run as root, ended with the test program.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace cunmai::test {

std::string installed_program(const std::string& name);  // throws when it is not there
std::string folder_of_mysql(const std::string& pattern); // made, owned by who will run the server
// A child that ends with the thread that made it; what it says goes to the file `output`.
enum class RunAs { mysql, ourselves }; // mysql: where we are root
pid_t spawn(const std::vector<std::string>& arguments, const std::string& output, RunAs user = RunAs::mysql);
int wait_for(pid_t pid);                // its status, as waitpid says it
bool has_ended(pid_t pid);              // without waiting
std::vector<int> free_ports(int count); // on loopback; different ones
int free_port_pair();                   // it and the next one

} // namespace cunmai::test

// Servers that tests start: found, run as user mysql where the tests run as root, ended with the test program.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace cunmai::test {

std::string installed_program(const std::string& name);  // throws when it is not there
std::string folder_of_mysql(const std::string& pattern); // made, owned by who will run the server
// A child that ends with us; what it says goes to the file `output`.
pid_t spawn(const std::vector<std::string>& arguments, const std::string& output);
int wait_for(pid_t pid);                // its exit status
bool has_ended(pid_t pid);              // without waiting
std::vector<int> free_ports(int count); // on loopback; different ones

} // namespace cunmai::test

"""Project files of a take: what DAWs open so that everything lies at its bar, in its tempo, with names and colours."""

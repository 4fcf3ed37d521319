"""The one error that users see: a line that says what was wrong, what was expected and what to do."""


class UserError(Exception):
    """Something outside the program is wrong (a file, a value, the disk).

    The command line prints the message as one line and exits with `exit_code`;
    the live process sends it as `/musika/error` and plays on.
    """

    exit_code = 1


class UsageError(UserError):
    """A control or argument the user gave is not possible; exits with 2."""

    exit_code = 2

"""Files and folders that are whole or as they were, files that grow, and what disks answer when they refuse."""

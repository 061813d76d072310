"""What the tests share: fixture files, the effects that programs have, and the derived oracle."""

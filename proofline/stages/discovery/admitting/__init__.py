"""Who may read a proposal: whoever has its link, or only who shows by a code that an e-mail address is theirs."""

"""Makes log-likelihoods and cheap changes out of published claims."""

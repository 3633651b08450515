-- In whose account at the site a server is (its project and user there, as JSON), and why an operation waits for a sign-in
-- although a token is there.
ALTER TABLE servers ADD COLUMN account TEXT;
ALTER TABLE operations ADD COLUMN waits_why TEXT;

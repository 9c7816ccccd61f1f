-- Which version of the text of the form's page the visitor saw, as the page told it: "withdrawal/2026-03-01/<sha256>" or ''.
ALTER TABLE cases ADD COLUMN seen TEXT NOT NULL DEFAULT '';

-- +goose Up

-- Within how many hours the partners of a rule say something about a case that came to them by it; 0 = as for every case.
ALTER TABLE routes ADD COLUMN within INTEGER NOT NULL DEFAULT 0 CHECK (within >= 0);

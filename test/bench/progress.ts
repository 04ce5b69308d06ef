/** Told what is measured next. */
export type Progress = (step: string) => void;
